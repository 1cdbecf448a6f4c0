// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.testkit.CassandraExtension;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A writer that has lost streams so often that reading its inbox is slow is replaced. */
class WornWriterTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /** What a writer receives before it is replaced. */
  private static final int REVOCATIONS = 2_000;

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private JournalSystem journal;

  @BeforeEach
  void start() {
    journal = JournalSystem.start(CASSANDRA, keyspace, "");
  }

  @AfterEach
  void stop() {
    journal.close();
  }

  private UUID owner(String persistenceId) {
    return Objects.requireNonNull(
        CASSANDRA
            .session()
            .execute(
                "SELECT owner FROM %s.streams WHERE persistence_id = ?".formatted(keyspace),
                persistenceId)
            .one()
            .getUuid(0));
  }

  /** As if as many streams were taken from the writer, each by itself. */
  private void wear(UUID writer, int revocations) {
    PreparedStatement revoke =
        CASSANDRA
            .session()
            .prepare(
                "INSERT INTO %s.revocations (writer_id, revocation_id, streams) VALUES (?, ?, ?) USING TTL 600 AND TIMESTAMP 1"
                    .formatted(keyspace));
    for (int i = 0; i < revocations; i++) {
      CASSANDRA.session().execute(revoke.bind(writer, Uuids.timeBased(), Map.of("other-" + i, 1L)));
    }
  }

  private boolean hasRetired(UUID writer) {
    return CASSANDRA
        .session()
        .execute("SELECT writer_id, log_end FROM %s.writers".formatted(keyspace))
        .all()
        .stream()
        .filter(row -> writer.equals(row.getUuid(0)))
        .map(WornWriterTest::hasEnd)
        .findFirst()
        .orElse(false);
  }

  private static boolean hasEnd(Row row) {
    return !row.isNull(1);
  }

  @Test
  void withoutAFailureOfTheActorsAtWork() {
    journal.store("busy", 1, "b-1");
    journal.store("idle", 1, "i-1", "i-2");
    UUID worn = owner("busy");
    assertThat(owner("idle")).isEqualTo(worn);

    wear(worn, REVOCATIONS - 1);
    journal.store("busy", 2, "b-2");
    journal.store("busy", 3, "b-3");
    assertThat(owner("busy")).isEqualTo(worn);

    wear(worn, 1);
    journal.store("busy", 4, "b-4");
    journal.store("busy", 5, "b-5");
    UUID next = owner("busy");
    assertThat(next).isNotEqualTo(worn);
    await().until(() -> hasRetired(worn));

    journal.store("idle", 3, "i-3");
    assertThat(owner("idle")).isEqualTo(next);
    journal.deleteTo("idle", 1);
    assertThat(journal.replay("idle").texts()).containsExactly("i-2", "i-3");
    assertThat(journal.replay("busy").texts()).containsExactly("b-1", "b-2", "b-3", "b-4", "b-5");
    assertThat(hasRetired(next)).isFalse();
  }

  @Test
  void andItsSuccessorDoesNotGoOnWhereAnotherOneHasWritten() {
    journal.store("taken", 1, "t-1");
    journal.store("untouched", 1, "u-1");
    UUID worn = owner("taken");
    try (JournalSystem other = JournalSystem.start(CASSANDRA, keyspace, "")) {
      assertThat(other.replay("taken").texts()).containsExactly("t-1");
      other.store("taken", 2, "theirs");
      assertThat(other.replay("untouched").texts()).containsExactly("u-1");

      wear(worn, REVOCATIONS);
      journal.store("new", 1, "n-1");
      journal.store("new", 2, "n-2");
      assertThat(owner("new")).isNotEqualTo(worn);

      assertThat(journal.write(JournalSystem.atomic("taken", 2, "ours")).failure())
          .hasMessageContaining("was taken by another writer");
      assertThat(journal.write(JournalSystem.atomic("untouched", 2, "ours")).failure())
          .hasMessageContaining("was taken by another writer");
      assertThat(journal.replay("taken").texts()).containsExactly("t-1", "theirs");
    }
  }
}
