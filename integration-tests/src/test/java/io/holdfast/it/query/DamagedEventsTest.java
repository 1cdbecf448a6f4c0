// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.Stages;
import io.holdfast.it.TestCluster;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Cassandra lost is told, by whoever reads, and nothing is passed over. */
class DamagedEventsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      """
      holdfast.cassandra.partition-size = 4
      holdfast.journal.max-batch-size = 4
      """;
  private static final String ID = "damaged";

  private final String keyspace = CASSANDRA.newKeyspaceName();

  /** Damages the row, which lies in the partition of the batch of four that it belongs to. */
  private void damage(String columns, long sequenceNr) {
    CASSANDRA
        .session()
        .execute(
            "DELETE %s FROM %s.events WHERE persistence_id = '%s' AND partition_nr = %d AND seq_nr = %d"
                .formatted(columns, keyspace, ID, (sequenceNr - 1) / 4, sequenceNr));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''      | 6 | event 6 of 'damaged' is missing, and was not deleted",
        "payload | 6 | event 6 of 'damaged' is incomplete: its row lacks [payload]",
        "header  | 6 | event 6 of 'damaged' is incomplete: its row lacks its header",
        "''      | 8 | event 8 of 'damaged' is missing, and was not deleted",
        "''      | 5 | event 5 of 'damaged' is missing, and was not deleted",
      })
  void failAReplayAQueryAndTheFeed(String columns, long sequenceNr, String message) {
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      for (int first = 1; first <= 9; first += 4) {
        journal.store(ID, first, "1", "2", "3", "4");
      }
      damage(columns, sequenceNr);
      Reader reader = Reader.of(journal);

      assertThat(journal.failureWhileReplaying(ID))
          .hasMessageContainingAll(message, "nodetool repair");
      assertThat(
              failure(
                  reader
                      .journal()
                      .currentEventsByPersistenceId(ID, 1, Long.MAX_VALUE)
                      .runWith(Sink.seq(), journal.system()),
                  RuntimeException.class))
          .hasMessageContaining(message);
      assertThat(
              failure(
                  reader
                      .journal()
                      .currentAllEvents(FeedFilter.all(), FeedOffset.beginning())
                      .runWith(Sink.seq(), journal.system()),
                  RuntimeException.class))
          .hasMessageContaining(message);

      // What is deleted is no gap.
      journal.deleteTo(ID, sequenceNr);
      assertThat(journal.replay(ID).events()).hasSize(12 - (int) sequenceNr);
      assertThat(reader.current(ID, 1, Long.MAX_VALUE)).hasSize(12 - (int) sequenceNr);
    }
  }

  @Test
  void failReadsOfAnEventStoreInEitherDirection() {
    try (TestCluster cluster = TestCluster.start(CASSANDRA, keyspace, 1, SETTINGS)) {
      EventStore store = cluster.store(0);
      for (int first = 1; first <= 9; first += 4) {
        Stages.get(
            store.appendBatch(
                AppendBatchInput.of(
                    ID,
                    IntStream.range(0, 4).mapToObj(i -> NewEvent.of("Counted", "" + i)).toList())));
      }
      damage("json", 6);
      for (ReadStreamOptions options :
          List.of(ReadStreamOptions.all(), ReadStreamOptions.all().reversed())) {
        assertThat(failure(store.readStream(ID, options), EventStoreException.class))
            .hasMessageContaining("event 6 of 'damaged' is incomplete: its row lacks [json]");
      }
      damage("", 6);
      for (ReadStreamOptions options :
          List.of(ReadStreamOptions.all(), ReadStreamOptions.all().reversed())) {
        assertThat(failure(store.readStream(ID, options), EventStoreException.class))
            .hasMessageContaining("event 6 of 'damaged' is missing");
      }
      assertThat(Stages.get(store.readStream(ID, ReadStreamOptions.all().limit(5))).events())
          .hasSize(5);
    }
  }
}
