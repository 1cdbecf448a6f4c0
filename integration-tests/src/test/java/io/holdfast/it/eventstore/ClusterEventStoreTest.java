// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamSharding;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.it.Stages;
import io.holdfast.it.TestCluster;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes, of which each is asked in turn, over partitions of a few events. */
class ClusterEventStoreTest extends EventStoreContract {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private TestCluster cluster;
  private int calls;

  @BeforeAll
  void start() {
    cluster =
        TestCluster.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            2,
            """
            holdfast.cassandra.partition-size = 5
            holdfast.query.refresh-interval = 100 ms
            holdfast.event-store {
              deduplication-window = %d
              append-timeout = %d s
              read-page-size = 3
            }
            """
                .formatted(WINDOW, APPEND_TIMEOUT.toSeconds()),
            builder -> builder.clock(clock).serializer(TextSerializer.create()));
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Override
  EventStore store() {
    return cluster.store(calls++ % 2);
  }

  @Override
  ActorSystem<?> system() {
    return cluster.node(0).system();
  }

  /** A serializer and ids are a store's own; what the hosted streams have, all share. */
  @Test
  void aFurtherStoreOverTheSameStreamsSharesTheirClockOrIsRefused() {
    ActorSystem<?> system = cluster.node(0).system();
    assertThatIllegalStateException()
        .isThrownBy(() -> EventStore.builder(system).clock(InstantSource.system()).start())
        .withMessageContainingAll("holdfast-stream", "the clock", "SystemInstantSource", "config(");
    EventStore further = EventStore.builder(system).idGenerator(() -> "an id of its own").start();
    StreamDomainEvent<Integer> event =
        Stages.get(further.append(AppendEventInput.of("shared", "Counted", 1))).event();
    assertThat(event.id()).isEqualTo("an id of its own");
    assertThat(event.timestamp()).isEqualTo(NOW.toEpochMilli());
    assertThat(Stages.get(store().getStreamVersion("shared"))).isEqualTo(1);
    EventStore.builder(system).clock(clock).start();
  }

  /** Stops the stream's entity, wherever it is: the next call wakes a new one. */
  @Override
  void forget(String streamId) {
    for (int i = 0; i < 2; i++) {
      ActorSystem<?> system = cluster.node(i).system();
      if (isHosted(system, streamId)) {
        StreamSharding.start(system, StreamEntitySettings.of(system), clock)
            .entityRef(streamId)
            .tell(StreamCommand.Stop.INSTANCE);
        await().until(() -> !isHosted(system, streamId));
      }
    }
  }

  private static boolean isHosted(ActorSystem<?> system, String streamId) {
    EntityTypeKey<StreamCommand> type =
        EntityTypeKey.create(StreamCommand.class, StreamEntitySettings.of(system).entityType());
    CurrentShardRegionState state =
        Stages.get(
            AskPattern.ask(
                ClusterSharding.get(system).shardState(),
                replyTo -> new GetShardRegionState(type, replyTo),
                Patience.LIMIT,
                system.scheduler()));
    return state.getShards().stream().anyMatch(shard -> shard.getEntityIds().contains(streamId));
  }
}
