// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Tables and keyspaces that somebody has changed since they were made. */
class SchemaCheckTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final Pattern MENDING = Pattern.compile("Run: (ALTER [^;]*)");

  private final String keyspace = CASSANDRA.newKeyspaceName();

  private JournalSystem start(String settings) {
    return JournalSystem.start(CASSANDRA, keyspace, settings);
  }

  private void storeOne() {
    try (JournalSystem journal = start("")) {
      journal.store("a", 1, "1");
    }
  }

  private void assertStarts() {
    try (JournalSystem journal = start("")) {
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
  }

  private Throwable refusal() {
    try (JournalSystem journal = start("")) {
      return journal.recoveryFailure("a");
    }
  }

  /** Or nodes of an earlier version could not start again, although the upgrade did not happen. */
  @Test
  void leavesTheVersionAsItIsWhereItRefuses() {
    storeOne();
    CASSANDRA
        .session()
        .execute(
            "UPDATE %s.settings SET value = '2' WHERE name = 'schema-version'".formatted(keyspace));
    CASSANDRA
        .session()
        .execute("ALTER TABLE %s.events WITH gc_grace_seconds = 3600".formatted(keyspace));
    assertThat(refusal()).hasMessageContaining("gc_grace_seconds = 3600");
    assertThat(
            CASSANDRA
                .session()
                .execute(
                    "SELECT value FROM %s.settings WHERE name = 'schema-version'"
                        .formatted(keyspace))
                .one()
                .getString(0))
        .isEqualTo("2");
  }

  @Test
  void refusesEveryTableThatIsNotAsItIsMade() {
    storeOne();
    List<String> tables =
        CASSANDRA
            .session()
            .execute(
                "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?", keyspace)
            .map(row -> row.getString(0))
            .all();
    assertThat(tables).hasSize(11);
    for (String table : tables) {
      CASSANDRA
          .session()
          .execute(
              "ALTER TABLE %s.%s WITH read_repair = 'NONE' AND default_time_to_live = 100000 AND gc_grace_seconds = 0"
                  .formatted(keyspace, table));
    }
    Throwable refusal = refusal();
    for (String table : tables) {
      assertThat(refusal)
          .hasMessageContainingAll(
              "ALTER TABLE %s.%s WITH read_repair = 'BLOCKING'".formatted(keyspace, table),
              "ALTER TABLE %s.%s WITH default_time_to_live = 0".formatted(keyspace, table));
    }
    for (String table : List.of("events", "streams", "snapshots", "parked_events")) {
      assertThat(refusal)
          .hasMessageContaining(
              "ALTER TABLE %s.%s WITH gc_grace_seconds = 864000".formatted(keyspace, table));
    }
    mend(refusal);
    assertStarts();
  }

  /** Runs the statements that an error says. */
  private void mend(Throwable refusal) {
    Matcher statements = MENDING.matcher(String.valueOf(refusal.getMessage()));
    int found = 0;
    for (; statements.find(); found++) {
      CASSANDRA.session().execute(statements.group(1));
    }
    assertThat(found).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "events, speculative_retry = 'NEVER' AND gc_grace_seconds = 86400",
    "revocations, gc_grace_seconds = 0",
    "commit_log, gc_grace_seconds = 0"
  })
  void acceptsWhatNothingRestsOn(String table, String options) {
    storeOne();
    CASSANDRA.session().execute("ALTER TABLE %s.%s WITH %s".formatted(keyspace, table, options));
    assertStarts();
  }

  @Test
  void leavesOtherTablesAlone() {
    storeOne();
    CASSANDRA
        .session()
        .execute(
            "CREATE TABLE %s.sessions (id text PRIMARY KEY) WITH default_time_to_live = 100"
                .formatted(keyspace));
    assertStarts();
  }

  @Test
  void refusesAKeyspaceWithoutDurableWrites() {
    storeOne();
    CASSANDRA
        .session()
        .execute("ALTER KEYSPACE %s WITH durable_writes = false".formatted(keyspace));
    mend(refusal());
    assertStarts();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "5"})
  void refusesOtherReplicasUntilTheyAreRepaired(String replicas) {
    storeOne();
    replicate("SimpleStrategy", "replication_factor", replicas);
    String record = "ALTER TABLE %s.settings WITH comment = 'replication: ".formatted(keyspace);
    assertThat(refusal())
        .hasMessageContainingAll(
            "class=SimpleStrategy, replication_factor=1",
            "class=SimpleStrategy, replication_factor=" + replicas,
            "nodetool repair -full " + keyspace,
            record + "class=SimpleStrategy, replication_factor=" + replicas + "'",
            "ALTER KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': '1'}"
                .formatted(keyspace));
    replicate("SimpleStrategy", "replication_factor", "1");
    assertStarts();
    replicate("NetworkTopologyStrategy", CASSANDRA.localDatacenter(), "1");
    String other = "class=NetworkTopologyStrategy, %s=1".formatted(CASSANDRA.localDatacenter());
    assertThat(refusal()).hasMessageContaining(record + other + "'");
    CASSANDRA.session().execute(record + other + "'");
    assertStarts();
  }

  @Test
  void saysWhileItRunsThatTheReplicasChange() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("io.holdfast.cassandra");
    lines.start();
    logger.addAppender(lines);
    try (JournalSystem journal = start("")) {
      journal.store("a", 1, "1");
      replicate("SimpleStrategy", "replication_factor", "3");
      await()
          .until(
              () ->
                  List.copyOf(lines.list).stream()
                      .anyMatch(
                          line ->
                              line.getFormattedMessage()
                                  .contains(
                                      "keyspace %s has changed from class=SimpleStrategy, replication_factor=1 to"
                                          .formatted(keyspace))));
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void takesTheReplicationThatItFindsForThatOfAllRows() {
    replicate("SimpleStrategy", "replication_factor", "1");
    storeOne();
    CASSANDRA.session().execute("ALTER TABLE %s.settings WITH comment = ''".formatted(keyspace));
    try (JournalSystem journal = start("holdfast.cassandra.schema.create = off")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContaining(
              "ALTER TABLE %s.settings WITH comment = 'replication: class=SimpleStrategy, replication_factor=1'"
                  .formatted(keyspace));
    }
    assertStarts();
    replicate("SimpleStrategy", "replication_factor", "3");
    assertThat(refusal()).hasMessageContaining("nodetool repair -full");
  }

  private void replicate(String strategy, String option, String value) {
    String replication =
        "%s WITH replication = {'class': '%s', '%s': %s}"
            .formatted(keyspace, strategy, option, value);
    CASSANDRA.session().execute("CREATE KEYSPACE IF NOT EXISTS " + replication);
    CASSANDRA.session().execute("ALTER KEYSPACE " + replication);
  }
}
