// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Stages;

import io.holdfast.eventstore.ConcurrencyException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Appends a whole log from many clients at once. A client takes a stream, appends its events in
 * order, and takes the next; the clients' streams go round over the nodes.
 */
final class LogAppender {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final DemoCluster cluster;
  private final int clients;

  LogAppender(DemoCluster cluster, int clients) {
    this.cluster = cluster;
    this.clients = clients;
  }

  /**
   * What was appended.
   *
   * @param conflicts of the streams that were not as the log expects
   */
  record Result(Duration time, AppendStatistics statistics, List<ConcurrencyException> conflicts) {
    Result {
      conflicts = List.copyOf(conflicts);
    }
  }

  Result append(EventLog log, Progress progress) throws TimeoutException, InterruptedException {
    AppendStatistics statistics = new AppendStatistics();
    long startNanos = System.nanoTime();
    CompletionStage<List<StreamOutcome>> run =
        Source.from(log.streams())
            .zipWithIndex()
            .mapAsyncUnordered(clients, next -> append(next, statistics, progress))
            .runWith(Sink.seq(), cluster.system());
    List<StreamOutcome> outcomes = Stages.await(run, progress::current, PATIENCE);
    Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
    return new Result(time, statistics, conflicts(outcomes));
  }

  private CompletionStage<StreamOutcome> append(
      Pair<LogStream, Long> next, AppendStatistics statistics, Progress progress) {
    return new StreamAppender(cluster.store(next.second()), next.first(), statistics, progress)
        .append();
  }

  private static List<ConcurrencyException> conflicts(List<StreamOutcome> outcomes) {
    return outcomes.stream()
        .filter(StreamOutcome.Conflicted.class::isInstance)
        .map(outcome -> ((StreamOutcome.Conflicted) outcome).conflict())
        .toList();
  }
}
