// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.it.TestCluster;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How streams wake and go to sleep. */
class ActivationTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int EVENTS = 100_000;

  @Test
  void activationOfALongStreamDoesNotReadItsEvents() {
    String keyspace = CASSANDRA.newKeyspaceName();
    String settings =
        """
        holdfast.cassandra.partition-size = 5000
        %s
        """
            .formatted(QueryLog.SETTING);
    try (TestCluster cluster = TestCluster.start(CASSANDRA, keyspace, 1, settings)) {
      fill(cluster.store(0), "long");
    }
    try (TestCluster cluster = TestCluster.start(CASSANDRA, keyspace, 1, settings)) {
      EventStore store = cluster.store(0);
      // Another stream first, so that connecting is not counted.
      get(store.getStreamVersion("other"));
      QueryLog.QUERIES.clear();

      assertThat(get(store.getStreamVersion("long"))).isEqualTo(EVENTS);

      // The tail is looked for in 20 partitions: up by doubling, and down by halving.
      Map<Boolean, List<String>> queries =
          QueryLog.QUERIES.stream()
              .collect(Collectors.partitioningBy(query -> query.contains("ORDER BY seq_nr DESC")));
      assertThat(queries.get(true)).hasSizeBetween(1, 12);
      assertThat(queries.get(false)).isNotEmpty().doesNotHaveDuplicates().hasSizeLessThan(8);
      // A claim reads the last batch; nobody reads other events, which the version does not need.
      assertThat(QueryLog.QUERIES)
          .noneMatch(query -> query.contains("seq_nr <= ?") && !query.contains("writetime"));
      NewEvent<String> event = NewEvent.of("Noted", "one more");
      assertThat(
              get(store.append(AppendEventInput.of("long", event).withExpectedVersion(EVENTS)))
                  .currentVersion())
          .isEqualTo(EVENTS + 1);
      assertThat(
              get(store.readStream("long", ReadStreamOptions.all().fromVersion(EVENTS))).events())
          .hasSize(2);
    }
  }

  private static void fill(EventStore store, String stream) {
    int batch = 1000;
    List<NewEvent<Integer>> events =
        IntStream.range(0, batch).mapToObj(i -> NewEvent.of("Counted", i)).toList();
    for (int version = 0; version < EVENTS; version += batch) {
      get(store.appendBatch(AppendBatchInput.of(stream, events).withExpectedVersion(version)));
    }
  }

  @Test
  void anIdleStreamLeavesMemoryAndComesBackWithItsVersion() {
    String settings =
        """
        holdfast.event-store.passivate-after = 500 ms
        %s
        """
            .formatted(QueryLog.SETTING);
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, settings)) {
      EventStore store = cluster.store(0);
      NewEvent<String> event = NewEvent.of("Noted", "x");
      for (int version = 0; version < 3; version++) {
        QueryLog.QUERIES.clear();
        get(store.append(AppendEventInput.of("sleepy", event).withExpectedVersion(version)));
        // What the writer remembers of it needs a look at the inbox only, as the append does.
        assertThat(QueryLog.QUERIES)
            .filteredOn(query -> query.contains("SELECT owner"))
            .hasSize(version == 0 ? 1 : 0);
        await().until(() -> liveStreams(cluster.node(0).system()) == 0);
      }
      assertThat(get(store.readStream("sleepy")).events()).hasSize(3);
    }
  }

  private static int liveStreams(ActorSystem<?> system) {
    EntityTypeKey<StreamCommand> typeKey =
        EntityTypeKey.create(StreamCommand.class, "holdfast-stream");
    CurrentShardRegionState state =
        get(
            AskPattern.ask(
                ClusterSharding.get(system).shardState(),
                (ActorRef<CurrentShardRegionState> replyTo) ->
                    new GetShardRegionState(typeKey, replyTo),
                Patience.LIMIT,
                system.scheduler()));
    return state.getShards().stream().mapToInt(shard -> shard.getEntityIds().size()).sum();
  }
}
