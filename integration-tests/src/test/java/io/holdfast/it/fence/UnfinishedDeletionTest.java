// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.TestEvent;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node dies between the record of a deletion and the deletion of the rows. */
class UnfinishedDeletionTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      """
      holdfast.cassandra.partition-size = 4
      holdfast.journal.max-batch-size = 4
      """;
  private static final String ID = "half-deleted";

  private final String keyspace = CASSANDRA.newKeyspaceName();

  private long rowsUpTo(long sequenceNr) {
    return CASSANDRA
        .session()
        .execute(
            "SELECT seq_nr FROM %s.events WHERE persistence_id = '%s' AND partition_nr IN (0, 1, 2, 3) AND seq_nr <= %d"
                .formatted(keyspace, ID, sequenceNr))
        .all()
        .size();
  }

  private static List<String> feed(JournalSystem journal) {
    return get(
        PersistenceQuery.get(journal.system())
            .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER)
            .<TestEvent>currentAllEvents(FeedFilter.all(), FeedOffset.beginning())
            .map(EventEnvelope::event)
            .map(TestEvent::text)
            .runWith(Sink.seq(), journal.system()));
  }

  /**
   * @param partition before the deletion in which partition the node dies, counted from 1
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void isNoneForReadersAndIsEndedByTheNextClaim(int partition) throws Exception {
    try (CqlGate gate = CqlGate.start(CASSANDRA.contactPoint());
        JournalSystem dying =
            JournalSystem.start(CASSANDRA, keyspace, gate.settings() + SETTINGS)) {
      for (int first = 1; first <= 13; first += 3) {
        dying.store(ID, first, "" + first, "" + (first + 1), "" + (first + 2));
      }
      gate.freezeAt(CqlRequest.DELETION.of(ID), partition, CqlGate.Side.BEFORE);
      CompletableFuture<Void> deletion = CompletableFuture.runAsync(() -> dying.deleteTo(ID, 11));
      gate.awaitFrozen();
      gate.kill();
      assertThat(deletion).isNotCompleted();

      try (JournalSystem next = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
        assertThat(rowsUpTo(11)).as("what is left").isPositive();
        assertThat(feed(next)).containsExactly("12", "13", "14", "15");
        assertThat(rowsUpTo(11)).as("what is left").isPositive();

        assertThat(next.replay(ID).texts()).containsExactly("12", "13", "14", "15");
        assertThat(rowsUpTo(11)).as("what is left after a claim").isZero();
        next.deleteTo(ID, 11);
        assertThat(next.replay(ID).texts()).containsExactly("12", "13", "14", "15");
        assertThat(feed(next)).containsExactly("12", "13", "14", "15");
      }
    }
  }
}
