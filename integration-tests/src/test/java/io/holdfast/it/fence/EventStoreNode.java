// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.it.SingleTries;
import io.holdfast.it.TestCluster;
import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.journal.JournalSetup;
import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * A contender that is a node of event store streams on a cluster of its own. Asks the streams
 * themselves: the Java API would ask again until it knows the outcome.
 */
final class EventStoreNode implements Contender {
  private final TestCluster cluster;
  private final SingleTries store;

  private EventStoreNode(TestCluster cluster) {
    this.cluster = cluster;
    this.store = SingleTries.of(cluster.node(0).system());
  }

  static EventStoreNode start(
      CassandraExtension cassandra, String keyspace, String settings, InstantSource clock) {
    return new EventStoreNode(
        TestCluster.start(cassandra, keyspace, settings, new JournalSetup(clock)));
  }

  @Override
  public CompletionStage<Answer> append(String stream, List<String> texts) {
    return store
        .append(stream, texts)
        .handle(
            (version, failure) -> failure == null ? Answer.acknowledged(version) : failed(failure));
  }

  private static Answer failed(Throwable failure) {
    if (failure instanceof UnknownOutcomeException) {
      return Answer.failed(Outcome.UNKNOWN, failure);
    } else if (failure instanceof UnavailableException) {
      return Answer.failed(Outcome.UNAVAILABLE, failure);
    }
    throw new CompletionException(failure);
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
