// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.it.TestCluster;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams move while they are written to. */
class RebalancingTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int STREAMS = 40;

  /**
   * One client's view of one stream: what was acknowledged, and whether the last append is in
   * doubt.
   */
  private static final class Client {
    final String stream = "moving-" + UUID.randomUUID();
    final List<String> acknowledged = new CopyOnWriteArrayList<>();
    volatile boolean stop;

    CompletableFuture<Void> run(EventStore store) {
      if (stop) {
        return CompletableFuture.completedFuture(null);
      }
      return appendOnce(store, UUID.randomUUID().toString()).thenCompose(done -> run(store));
    }

    /** Appends one event at the next version, and repeats that until it is certainly there. */
    private CompletableFuture<Void> appendOnce(EventStore store, String id) {
      NewEvent<String> event = NewEvent.of("Moved", stream).withId(id);
      return store
          .append(AppendEventInput.of(stream, event).withExpectedVersion(acknowledged.size()))
          .toCompletableFuture()
          .thenAccept(result -> acknowledge(id, result.currentVersion()))
          .exceptionallyCompose(
              failure -> {
                Throwable cause =
                    failure instanceof CompletionException ? failure.getCause() : failure;
                assertThat(cause).isInstanceOf(EventStoreException.class);
                if (cause instanceof ConcurrencyException conflict) {
                  // Nobody else writes here: our own append of unknown outcome was stored.
                  acknowledge(id, conflict.actualVersion());
                  return CompletableFuture.completedFuture(null);
                }
                return appendOnce(store, id);
              });
    }

    private void acknowledge(String id, long version) {
      assertThat(version).isEqualTo(acknowledged.size() + 1);
      acknowledged.add(id);
    }
  }

  @Test
  void noAcknowledgedEventIsLostWhenANodeLeavesAndAnotherJoinsUnderLoad() {
    String settings =
        """
        holdfast.event-store.append-timeout = 5 s
        holdfast.cassandra.partition-size = 50
        pekko.cluster.sharding.rebalance-interval = 1 s
        """;
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 3, settings)) {
      EventStore store = cluster.store(0);
      List<Client> clients = new ArrayList<>();
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        Client client = new Client();
        clients.add(client);
        running.add(client.run(store));
      }
      awaitProgress(clients, 5);
      cluster.leave(cluster.node(2));
      awaitProgress(clients, 5);
      cluster.addNode();
      awaitProgress(clients, 5);
      cluster.leave(cluster.node(1));
      awaitProgress(clients, 5);

      clients.forEach(client -> client.stop = true);
      running.forEach(one -> get(one));
      EventStore reader = cluster.store(1);
      for (Client client : clients) {
        List<StreamDomainEvent<?>> events = get(reader.readStream(client.stream)).events();
        assertThat(events).extracting(StreamDomainEvent::id).isEqualTo(client.acknowledged);
        assertThat(events)
            .extracting(StreamDomainEvent::version)
            .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
      }
    }
  }

  /** Every stream has taken some more appends. */
  private static void awaitProgress(List<Client> clients, int appends) {
    List<Integer> goals =
        clients.stream().map(client -> client.acknowledged.size() + appends).toList();
    await()
        .until(
            () -> {
              for (int i = 0; i < clients.size(); i++) {
                if (clients.get(i).acknowledged.size() < goals.get(i)) {
                  return false;
                }
              }
              return true;
            });
  }
}
