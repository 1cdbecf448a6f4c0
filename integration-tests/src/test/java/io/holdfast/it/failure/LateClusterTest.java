// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.it.TestCluster;
import io.holdfast.it.TestConfig;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application is there before its cluster. */
class LateClusterTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  @Test
  void isUnavailableUntilTheNodeHasJoined() {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "test",
            TestConfig.node(
                CASSANDRA,
                CASSANDRA.newKeyspaceName(),
                "holdfast.event-store.cluster-timeout = 1 s\n"));
    try {
      EventStore store = EventStore.start(system);
      CompletableFuture<Void> ready = store.ready().toCompletableFuture();
      AppendEventInput<?> event = AppendEventInput.of("stream", "A", Map.of());
      assertThat(failure(store.append(event), UnavailableException.class))
          .hasMessageContainingAll("has not joined a cluster", "pekko.cluster.seed-nodes");
      assertThat(failure(store.getStreamVersion("stream"), UnavailableException.class))
          .hasMessageContaining("has not joined a cluster");
      assertThat(ready).isNotDone();

      Cluster cluster = Cluster.get(system);
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
      get(ready);
      assertThat(get(store.append(event)).currentVersion()).isEqualTo(1);
    } finally {
      system.terminate();
      get(system.getWhenTerminated());
    }
  }

  @Test
  void saysThatNoNodeHasTheRoleOfThoseThatHostStreams() {
    try (TestCluster cluster =
        TestCluster.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            1,
            """
            tenant2 = ${holdfast} { cassandra.keyspace = "%s", event-store.role = writers }
            holdfast.event-store.cluster-timeout = 1 s
            """
                .formatted(CASSANDRA.newKeyspaceName()))) {
      EventStore store = EventStore.builder(cluster.node(0).system()).config("tenant2").start();
      CompletableFuture<Void> ready = store.ready().toCompletableFuture();
      for (CompletionStage<?> refused :
          List.of(
              store.append(AppendEventInput.of("stream", "A", Map.of())),
              store.getStreamVersion("stream"))) {
        assertThat(failure(refused, UnavailableException.class))
            .hasMessageContainingAll(
                "no node of the cluster hosts streams", "'writers'", "tenant2.event-store.role");
      }
      assertThat(ready).isNotDone();
    }
  }
}
