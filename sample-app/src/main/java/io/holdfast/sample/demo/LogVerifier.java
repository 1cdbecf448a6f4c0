// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Stages;

import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Reads every stream of a log back, each from the node after the one that appended it, and compares
 * it with the log.
 */
final class LogVerifier {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int STREAMS_AT_ONCE = 32;

  private final DemoCluster cluster;

  LogVerifier(DemoCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * What the comparison has found.
   *
   * @param equal how many streams are as the log has them
   * @param differences one for each of the others
   */
  record Result(int equal, List<StreamDifference> differences, Duration time) {
    Result {
      differences = List.copyOf(differences);
    }
  }

  Result verify(EventLog log, Progress progress) throws TimeoutException, InterruptedException {
    long startNanos = System.nanoTime();
    CompletionStage<List<Optional<StreamDifference>>> run =
        Source.from(log.streams())
            .zipWithIndex()
            .mapAsync(STREAMS_AT_ONCE, next -> verify(next, progress))
            .runWith(Sink.seq(), cluster.system());
    List<Optional<StreamDifference>> compared = Stages.await(run, progress::current, PATIENCE);
    Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
    List<StreamDifference> differences = compared.stream().flatMap(Optional::stream).toList();
    return new Result(compared.size() - differences.size(), differences, time);
  }

  private CompletionStage<Optional<StreamDifference>> verify(
      Pair<LogStream, Long> next, Progress progress) {
    EventStore store = cluster.store(next.second() + 1);
    LogStream stream = next.first();
    return stored(store, stream)
        .thenApply(
            events -> {
              progress.advance();
              return StreamDifference.find(stream, events);
            });
  }

  /** The stored events, and at most one more than the log has. */
  private CompletionStage<List<StreamDomainEvent<?>>> stored(EventStore store, LogStream stream) {
    return store
        .streamEvents(stream.streamId(), ReadStreamOptions.all())
        .take(stream.events().size() + 1L)
        .runWith(Sink.seq(), cluster.system());
  }
}
