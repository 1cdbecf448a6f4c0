// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.it.TestCluster;
import io.holdfast.it.Tombstones;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.testkit.CassandraExtension;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many tombstones it costs to use a stream that keeps few events of many. */
class ManyDeletedEventsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int EVENTS = Integer.getInteger("holdfast.test.events", 20_000);
  private static final int BATCH = 100;
  private static final int KEPT = 100;
  private static final int MAX_TOMBSTONES = 20;

  private final String keyspace = CASSANDRA.newKeyspaceName();

  @Test
  void readsPassOverAFew() {
    try (TestCluster cluster = TestCluster.start(CASSANDRA, keyspace, 1, "")) {
      EventStore store = cluster.store(0);
      get(store.setStreamMetadata("s", StreamMetadata.none().withMaxCount(KEPT)));
      for (int i = 0; i < EVENTS; i += BATCH) {
        append(store);
      }
      use(cluster, EVENTS);
    }
    // Another owner claims the stream.
    try (TestCluster cluster = TestCluster.start(CASSANDRA, keyspace, 1, "")) {
      use(cluster, EVENTS);
      append(cluster.store(0));
      use(cluster, EVENTS + BATCH);
    }
  }

  /** Cassandra merges deletions of the same second by itself. */
  @Test
  void oneDeletionTakesThePlaceOfTheOnesBefore() {
    int deletions = 6;
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, "")) {
      journal.store("a", 1, "1", "2", "3", "4", "5", "6", "7");
      for (int i = 1; i <= deletions; i++) {
        long second = Instant.now().getEpochSecond();
        journal.deleteTo("a", i);
        await().until(() -> Instant.now().getEpochSecond() > second);
      }
    }
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, "")) {
      assertThat(journal.replay("a").texts()).containsExactly("7");
    }
    assertThat(Tombstones.mostInARead(CASSANDRA, keyspace, "events")).isLessThan(deletions);
  }

  private static void append(EventStore store) {
    List<NewEvent<String>> events =
        IntStream.range(0, BATCH).mapToObj(i -> NewEvent.of("Noted", "text")).toList();
    get(store.appendBatch(AppendBatchInput.of("s", events)));
  }

  private void use(TestCluster cluster, long version) {
    EventStore store = cluster.store(0);
    assertThat(timed("version", () -> store.getStreamVersion("s"))).isEqualTo(version);
    assertThat(timed("last event", () -> store.readLastEvent("s"))).isPresent();
    assertThat(timed("read", () -> store.readStream("s")).events()).hasSize(KEPT);
    HoldfastReadJournal queries =
        PersistenceQuery.get(cluster.node(0).system())
            .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        timed(
                            "query",
                            () ->
                                queries
                                    .currentEventsByPersistenceId("s", 0, Long.MAX_VALUE)
                                    .runWith(Sink.seq(), cluster.node(0).system())))
                    .hasSizeBetween(KEPT, 3 * KEPT));
    assertThat(Tombstones.mostInARead(CASSANDRA, keyspace, "events")).isLessThan(MAX_TOMBSTONES);
  }

  private <T> T timed(String what, Supplier<CompletionStage<T>> request) {
    long began = System.nanoTime();
    T result = get(request.get());
    System.out.printf(
        "%s: %.1f ms; most tombstones in a read %d%n",
        what,
        (System.nanoTime() - began) / 1e6,
        Tombstones.mostInARead(CASSANDRA, keyspace, "events"));
    return result;
  }
}
