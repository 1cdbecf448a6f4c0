// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.embedded.EmbeddedCassandraCluster;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.journal.JournalException;
import io.holdfast.journal.JournalException.Outcome;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three Cassandra nodes of this test's own, of which one is lost, and then another. */
@Tag("exhaustive")
class LostReplicasTest {
  // Only for the configuration that tests share; nothing here connects to it.
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static JournalSystem start(EmbeddedCassandraCluster cassandra, String keyspace) {
    return JournalSystem.start(
        CASSANDRA,
        keyspace,
        EveryNode.settings(cassandra)
            + """
        holdfast.cassandra {
          partition-size = 4
          schema.replication.replication_factor = 3
        }
        holdfast.journal {
          max-batch-size = 4
          circuit-breaker.max-failures = 1000000
        }
        """);
  }

  @Test
  void goesOnWithTwoOfThreeReplicasAndFailsTrulyWithOne() {
    String keyspace = CASSANDRA.newKeyspaceName();
    try (EmbeddedCassandraCluster cassandra = EmbeddedCassandraCluster.builder().nodes(3).start();
        JournalSystem journal = start(cassandra, keyspace)) {
      List<String> stored = new ArrayList<>();
      store(journal, stored, 5);
      cassandra.node(2).kill();
      store(journal, stored, 25);
      assertThat(journal.replay("a").texts()).isEqualTo(stored);
      try (JournalSystem other = start(cassandra, keyspace)) {
        assertThat(other.replay("a").texts()).as("claimed by another writer").isEqualTo(stored);
        store(other, stored, 3);
      }

      cassandra.node(1).kill();
      List<Outcome> outcomes = new ArrayList<>();
      await()
          .until(
              () -> {
                outcomes.add(failToStore(journal, "new-" + outcomes.size()));
                return outcomes.get(outcomes.size() - 1) == Outcome.UNAVAILABLE;
              });
      assertThat(journal.recoveryFailure("a")).isInstanceOf(JournalException.class);

      cassandra.node(1).restart();
      await().untilAsserted(() -> assertThat(journal.replay("a").texts()).isEqualTo(stored));
      store(journal, stored, 3);
      for (int i = 0; i < outcomes.size(); i++) {
        int found = journal.replay("new-" + i).events().size();
        assertThat(found).isIn(0, outcomes.get(i) == Outcome.UNKNOWN ? 1 : 0);
      }
      assertThat(journal.replay("a").texts()).isEqualTo(stored);
    }
  }

  private static void store(JournalSystem journal, List<String> stored, int events) {
    for (int i = 0; i < events; i++) {
      String text = "event " + (stored.size() + 1);
      journal.store("a", stored.size() + 1, text);
      stored.add(text);
    }
  }

  private static Outcome failToStore(JournalSystem journal, String id) {
    Written written = journal.write(JournalSystem.atomic(id, 1, "lost"));
    assertThat(written.stored()).isEmpty();
    assertThat(written.rejected()).isEmpty();
    assertThat(written.failure()).isInstanceOf(JournalException.class);
    return written.failure() instanceof JournalException failure
        ? failure.outcome()
        : Outcome.UNKNOWN;
  }
}
