// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.JournalException;
import io.holdfast.journal.JournalException.Outcome;
import io.holdfast.testkit.CassandraExtension;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the nodes of a keyspace must have the same, and what they must not ask of the driver. */
class AgreedSettingsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private final String keyspace = CASSANDRA.newKeyspaceName();

  private JournalSystem start(String settings) {
    return JournalSystem.start(CASSANDRA, keyspace, settings);
  }

  private void storeOne() {
    try (JournalSystem journal = start("")) {
      journal.store("a", 1, "1");
    }
  }

  private Map<String, String> stored() {
    Map<String, String> stored = new TreeMap<>();
    CASSANDRA
        .session()
        .execute("SELECT name, value FROM %s.settings".formatted(keyspace))
        .forEach(row -> stored.put(row.getString(0), row.getString(1)));
    return stored;
  }

  @ParameterizedTest
  @CsvSource({
    "fencing, holdfast.journal.fencing, on, off",
    "feed, holdfast.journal.feed, on, off",
    "consistency, holdfast.cassandra.consistency, local-quorum, quorum"
  })
  void refusesANodeThatDisagreesUntilPeopleChangeItForAll(
      String name, String path, String first, String other) {
    storeOne();
    String change =
        "UPDATE %s.settings SET value = '%s' WHERE name = '%s' IF value = '%s'"
            .formatted(keyspace, other, name, first);
    try (JournalSystem journal = start(path + " = " + other)) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContainingAll(
              keyspace, name + " = " + first, path + " is " + other, "stop all nodes", change);
    }
    CASSANDRA.session().execute(change);
    try (JournalSystem journal = start("")) {
      assertThat(journal.recoveryFailure("a")).hasMessageContaining(path + " is " + first);
    }
    try (JournalSystem journal = start(path + " = " + other)) {
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
  }

  @Test
  void refusesANodeOfAnotherDataCentreWithLocalQuorums() {
    storeOne();
    String here = CASSANDRA.localDatacenter();
    assertThat(stored()).containsEntry("local-datacenter", here);
    CASSANDRA
        .session()
        .execute(
            "UPDATE %s.settings SET value = 'elsewhere' WHERE name = 'local-datacenter'"
                .formatted(keyspace));
    try (JournalSystem journal = start("")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContainingAll(
              "local-datacenter = elsewhere",
              "datastax-java-driver.basic.load-balancing-policy.local-datacenter is " + here,
              "nodetool repair -full " + keyspace);
    }
  }

  @Test
  void storesInKeyspacesOfEarlierBuildsWhatTheFirstNodeHas() {
    storeOne();
    assertThat(stored()).hasSize(7);
    for (String name :
        new String[] {"consistency", "fencing", "feed", "local-datacenter", "store-id"}) {
      CASSANDRA
          .session()
          .execute("DELETE FROM %s.settings WHERE name = '%s'".formatted(keyspace, name));
    }
    try (JournalSystem journal = start("holdfast.cassandra.schema.create = off")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContainingAll(
              "holdfast.cassandra.schema.create = on",
              "INSERT INTO %s.settings (name, value) VALUES ('fencing', 'on') IF NOT EXISTS"
                  .formatted(keyspace),
              "('feed', 'on')",
              "('consistency', 'local-quorum')");
    }
    try (JournalSystem journal = start("")) {
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
    assertThat(stored())
        .hasSize(7)
        .containsEntry("consistency", "local-quorum")
        .containsEntry("fencing", "on")
        .containsEntry("feed", "on");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "profiles.holdfast."})
  void refusesARetryPolicyThatTakesLessThanAQuorum(String profile) {
    try (JournalSystem journal =
        start(
            "datastax-java-driver.%sadvanced.retry-policy.class = ConsistencyDowngradingRetryPolicy"
                .formatted(profile))) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContainingAll(
              "ConsistencyDowngradingRetryPolicy",
              "datastax-java-driver.profiles.holdfast.advanced.retry-policy.class = DefaultRetryPolicy");
    }
  }

  @Test
  void refusesToTakeTheQuorumOfAnotherDataCentreForOurs() {
    String failover =
        "datastax-java-driver.advanced.load-balancing-policy.dc-failover.allow-for-local-consistency-levels";
    try (JournalSystem journal = start(failover + " = true")) {
      assertThat(journal.recoveryFailure("a")).hasMessageContaining(failover + " is true");
    }
    try (JournalSystem journal =
        start(failover + " = true\nholdfast.cassandra.consistency = quorum")) {
      journal.store("a", 1, "1");
    }
    assertThat(stored())
        .containsEntry("consistency", "quorum")
        .doesNotContainKey("local-datacenter");
  }

  /** The first attempt's error says nothing of the second one, which may be under way still. */
  @Test
  void anErrorIsNoProofWhereTheDriverTriesTwice() {
    String speculative =
        """
        datastax-java-driver.profiles.holdfast.advanced.speculative-execution-policy {
          class = ConstantSpeculativeExecutionPolicy
          max-executions = 2
          delay = 1 minute
        }
        """;
    assertOutcomeWithoutTable("", Outcome.UNAVAILABLE);
    assertOutcomeWithoutTable(speculative, Outcome.UNKNOWN);
  }

  /** What is said of a write that Cassandra refuses for want of a table. */
  private void assertOutcomeWithoutTable(String settings, Outcome expected) {
    try (JournalSystem journal = start(settings)) {
      journal.store("a", 1, "1");
      CASSANDRA.session().execute("DROP TABLE %s.events".formatted(keyspace));
      assertThat(journal.write(JournalSystem.atomic("a", 2, "2")).failure())
          .isInstanceOfSatisfying(
              JournalException.class,
              failure -> assertThat(failure.outcome()).as("%s", failure).isEqualTo(expected));
    } finally {
      CASSANDRA.session().execute("DROP KEYSPACE %s".formatted(keyspace));
    }
  }
}
