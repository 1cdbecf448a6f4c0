// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.it.TestCluster;
import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.journal.JournalSetup;
import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;

/** A contender that is an event store on a cluster of its own, of one node. */
final class EventStoreNode implements Contender {
  private final TestCluster cluster;

  private EventStoreNode(TestCluster cluster) {
    this.cluster = cluster;
  }

  static EventStoreNode start(
      CassandraExtension cassandra, String keyspace, String settings, InstantSource clock) {
    return new EventStoreNode(
        TestCluster.start(cassandra, keyspace, settings, new JournalSetup(clock)));
  }

  @Override
  public CompletionStage<Answer> append(String stream, List<String> texts) {
    List<NewEvent<String>> events =
        texts.stream().map(text -> NewEvent.of("Tried", text).withId(text)).toList();
    return cluster
        .store(0)
        .appendBatch(AppendBatchInput.of(stream, events))
        .handle(
            (result, failure) ->
                failure == null ? Answer.acknowledged(result.currentVersion()) : failed(failure));
  }

  private static Answer failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnknownOutcomeException) {
      return Answer.failed(Outcome.UNKNOWN, cause);
    } else if (cause instanceof UnavailableException) {
      return Answer.failed(Outcome.UNAVAILABLE, cause);
    }
    throw new CompletionException(cause);
  }

  @Override
  public CompletionStage<List<String>> read(String stream) {
    return cluster
        .store(0)
        .streamEvents(stream, ReadStreamOptions.all())
        .map(StreamDomainEvent::id)
        .runWith(Sink.seq(), cluster.node(0).system());
  }

  @Override
  public void close() {
    cluster.close();
  }
}
