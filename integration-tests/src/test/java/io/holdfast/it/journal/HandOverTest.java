// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.it.StoredHeader;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.journal.JournalException;
import io.holdfast.testkit.CassandraExtension;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two actor systems and one persistent actor's events. */
class HandOverTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String FORGETFUL = "holdfast.journal.max-remembered-streams = 0";
  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();

  private final String id = "actor-" + UUID.randomUUID();

  private JournalSystem start(String settings) {
    return JournalSystem.start(CASSANDRA, KEYSPACE, settings);
  }

  private Row stream() {
    return Objects.requireNonNull(
        CASSANDRA
            .session()
            .execute(
                "SELECT owner, epoch, head, deleted_to FROM %s.streams WHERE persistence_id = '%s'"
                    .formatted(KEYSPACE, id))
            .one());
  }

  private Row event(long sequenceNr) {
    return Objects.requireNonNull(
        CASSANDRA
            .session()
            .execute(
                ("SELECT header, writetime(header) AS epoch FROM %s.events"
                        + " WHERE persistence_id = '%s' AND partition_nr = 0 AND seq_nr = %d")
                    .formatted(KEYSPACE, id, sequenceNr))
            .one());
  }

  @Test
  void claimsAStreamOfAnotherSystem() {
    try (JournalSystem first = start("")) {
      first.store(id, 1, "1");
      first.store(id, 2, "2", "3");
    }
    Row before = stream();
    assertThat(before.getLong("head")).isZero();
    assertThat(StoredHeader.of(event(3)).writer()).isEqualTo(before.getUuid("owner"));
    assertThat(event(3).getLong("epoch")).isEqualTo(before.getLong("epoch"));

    try (JournalSystem second = start("")) {
      assertThat(second.replay(id).texts()).containsExactly("1", "2", "3");
      Row claimed = stream();
      assertThat(claimed.getUuid("owner")).isNotEqualTo(before.getUuid("owner"));
      assertThat(claimed.getLong("epoch")).isGreaterThan(before.getLong("epoch"));
      assertThat(claimed.getLong("head")).isEqualTo(3);

      second.store(id, 4, "4");
      assertThat(StoredHeader.of(event(4)).writer()).isEqualTo(claimed.getUuid("owner"));
      assertThat(event(4).getLong("epoch")).isEqualTo(claimed.getLong("epoch"));
      assertThat(event(3).getLong("epoch")).isEqualTo(before.getLong("epoch"));
      assertThat(second.replay(id).texts()).containsExactly("1", "2", "3", "4");
      assertThat(stream().getLong("epoch")).isEqualTo(claimed.getLong("epoch"));
    }
  }

  @Test
  void keepsTheStreamOfTheSameSystemWithoutAClaim() {
    try (JournalSystem journal = start(FORGETFUL)) {
      journal.store(id, 1, "1");
      Row before = stream();
      journal.store(id, 2, "2");
      assertThat(journal.replay(id).texts()).containsExactly("1", "2");
      assertThat(stream().getLong("epoch")).isEqualTo(before.getLong("epoch"));
      assertThat(stream().getLong("head")).isZero();
    }
  }

  @Test
  void handsDeletionsOver() {
    try (JournalSystem first = start("")) {
      first.store(id, 1, "1", "2", "3");
      first.deleteTo(id, 2);
      assertThat(stream().getLong("deleted_to")).isEqualTo(2);
    }
    try (JournalSystem second = start("")) {
      assertThat(second.replay(id).texts()).containsExactly("3");
      second.deleteTo(id, Long.MAX_VALUE);
      assertThat(stream().getLong("deleted_to")).isEqualTo(3);
    }
    try (JournalSystem third = start("")) {
      assertThat(third.replay(id).events()).isEmpty();
      assertThat(third.replay(id).highestSequenceNr()).isEqualTo(3);
      third.store(id, 4, "4");
      assertThat(third.replay(id).texts()).containsExactly("4");
    }
  }

  @Test
  void storesNothingOfASystemThatWritesWhereItOnceStood() {
    try (JournalSystem stale = start(FORGETFUL);
        JournalSystem owner = start(FORGETFUL)) {
      stale.store(id, 1, "1", "2");
      assertThat(owner.replay(id).texts()).containsExactly("1", "2");
      owner.store(id, 3, "3 of the owner");
      for (int events = 1; events <= 3; events++) {
        String[] texts = new String[events];
        Arrays.fill(texts, "3 of the stale one");
        Written written = stale.write(JournalSystem.atomic(id, 3, texts));
        assertThat(written.stored()).isEmpty();
        assertThat(written.failure())
            .isInstanceOfSatisfying(
                JournalException.class,
                failure ->
                    assertThat(failure.outcome()).isEqualTo(JournalException.Outcome.UNAVAILABLE))
            .hasMessageContaining("'" + id + "'");
      }
      List<String> history = List.of("1", "2", "3 of the owner");
      assertThat(owner.replay(id).texts()).isEqualTo(history);
      owner.store(id, 4, "4");
      assertThat(owner.replay(id).texts()).startsWith("1", "2", "3 of the owner").endsWith("4");
      assertThat(stale.replay(id).texts()).containsExactly("1", "2", "3 of the owner", "4");
    }
  }

  @Test
  void losesNothingThatWasAcknowledgedBesideAStaleSystem() {
    try (JournalSystem stale = start(FORGETFUL);
        JournalSystem owner = start("")) {
      stale.store(id, 1, "1");
      assertThat(owner.replay(id).texts()).containsExactly("1");
      owner.store(id, 2, "2");
      assertThat(stale.write(JournalSystem.atomic(id, 2, "stale")).failure()).isNotNull();
      Written written = owner.write(JournalSystem.atomic(id, 3, "3"));
      if (written.failure() == null) {
        assertThat(owner.replay(id).texts()).containsExactly("1", "2", "3");
      }
    }
  }
}
