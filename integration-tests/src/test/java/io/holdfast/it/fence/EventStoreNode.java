// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.entity.ShardedStreams;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamSharding;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.it.TestCluster;
import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.journal.JournalSetup;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * A contender that is a node of event store streams on a cluster of its own. Asks the streams
 * themselves: the Java API would ask again until it knows the outcome.
 */
final class EventStoreNode implements Contender {
  private final TestCluster cluster;
  private final ShardedStreams streams;

  private EventStoreNode(TestCluster cluster) {
    this.cluster = cluster;
    ActorSystem<Void> system = cluster.node(0).system();
    StreamEntitySettings settings = StreamEntitySettings.of(system);
    this.streams =
        new ShardedStreams(
            StreamSharding.start(system, settings, InstantSource.system()), settings);
  }

  static EventStoreNode start(
      CassandraExtension cassandra, String keyspace, String settings, InstantSource clock) {
    return new EventStoreNode(
        TestCluster.start(cassandra, keyspace, settings, new JournalSetup(clock)));
  }

  @Override
  public CompletionStage<Answer> append(String stream, List<String> texts) {
    SerializedPayload payload =
        new SerializedPayload(SerializedPayload.JSON, ByteString.fromString("1"));
    List<EventData> events =
        texts.stream().map(text -> new EventData(text, "Tried", payload, null)).toList();
    return streams
        .append(stream, events, ExpectedVersion.any(), true)
        .handle(
            (reply, failure) ->
                failure == null ? answer(reply) : Answer.failed(Outcome.UNKNOWN, failure));
  }

  private static Answer answer(StreamReply.ToAppend reply) {
    if (reply instanceof StreamReply.Appended appended) {
      return Answer.acknowledged(appended.currentVersion());
    } else if (reply instanceof StreamReply.Unknown unknown) {
      return Answer.failed(Outcome.UNKNOWN, new IllegalStateException(unknown.reason()));
    } else if (reply instanceof StreamReply.Unavailable unavailable) {
      return Answer.failed(Outcome.UNAVAILABLE, new IllegalStateException(unavailable.reason()));
    }
    throw new IllegalStateException("unexpected answer " + reply);
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
