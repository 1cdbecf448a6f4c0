// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.journal.JournalSystem.Replayed;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.persistence.AtomicWrite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rejected events at every position around the borders of partitions of three. Pekko does not take
 * a rejected event's number back, so the stream goes on after a gap, which the journal has to fill
 * to find what comes after.
 */
class RejectedEventsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int PARTITION_SIZE = 3;
  private static final int EVENTS = 6;
  private static final String SETTINGS = "holdfast.cassandra.partition-size = " + PARTITION_SIZE;

  /**
   * A pattern of stored ('s') and rejected ('r') events, and the sequence numbers of the stored
   * ones.
   */
  private static List<Long> stored(String pattern) {
    List<Long> stored = new ArrayList<>();
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == 's') {
        stored.add(i + 1L);
      }
    }
    return stored;
  }

  private static AtomicWrite write(String id, String pattern, int index) {
    return JournalSystem.atomic(
        id, index + 1L, pattern.charAt(index) == 's' ? "event " + (index + 1) : "refused");
  }

  /** All patterns without a gap that is as long as a batch may be. */
  private static List<String> patterns() {
    List<String> patterns = new ArrayList<>();
    for (int bits = 0; bits < 1 << EVENTS; bits++) {
      StringBuilder pattern = new StringBuilder();
      for (int i = 0; i < EVENTS; i++) {
        pattern.append((bits >> i & 1) == 0 ? 's' : 'r');
      }
      if (!pattern.toString().contains("r".repeat(PARTITION_SIZE))) {
        patterns.add(pattern.toString());
      }
    }
    return patterns;
  }

  private static void assertFoundAgain(String keyspace, Map<String, String> patternsById) {
    try (JournalSystem other = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      patternsById.forEach(
          (id, pattern) -> {
            List<Long> expected = stored(pattern);
            long highest = expected.isEmpty() ? 0 : expected.get(expected.size() - 1);
            Replayed replayed = other.replay(id);
            assertThat(replayed.sequenceNrs()).as(id).isEqualTo(expected);
            assertThat(replayed.highestSequenceNr()).as(id).isEqualTo(highest);
            other.store(id, highest + 1, "after");
            assertThat(other.replay(id).sequenceNrs())
                .as(id)
                .hasSize(expected.size() + 1)
                .endsWith(highest + 1);
          });
    }
  }

  @Test
  void storesWhatFollowsRejectedEvents() {
    String keyspace = CASSANDRA.newKeyspaceName();
    Map<String, String> patternsById = new TreeMap<>();
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      for (String pattern : patterns()) {
        String id = "one by one: " + pattern;
        patternsById.put(id, pattern);
        for (int i = 0; i < EVENTS; i++) {
          Written written = journal.write(write(id, pattern, i));
          assertThat(written.failure()).as("%s, event %d", id, i + 1).isNull();
          assertThat(written.rejected()).hasSize(pattern.charAt(i) == 'r' ? 1 : 0);
        }
      }
    }
    assertFoundAgain(keyspace, patternsById);
  }

  @Test
  void storesWhatFollowsRejectedEventsOfTheSameRequest() {
    String keyspace = CASSANDRA.newKeyspaceName();
    Map<String, String> patternsById = new TreeMap<>();
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      for (String pattern : patterns()) {
        String id = "in one request: " + pattern;
        patternsById.put(id, pattern);
        AtomicWrite[] writes = new AtomicWrite[EVENTS];
        for (int i = 0; i < EVENTS; i++) {
          writes[i] = write(id, pattern, i);
        }
        Written written = journal.write(writes);
        assertThat(written.failure()).as(id).isNull();
        assertThat(written.stored()).as(id).isEqualTo(stored(pattern));
      }
    }
    assertFoundAgain(keyspace, patternsById);
  }

  @Test
  void storesAFullBatchAfterARejectedEvent() {
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), SETTINGS)) {
      journal.write(JournalSystem.atomic("a", 1, "refused"));
      Written written = journal.write(JournalSystem.atomic("a", 2, "2", "3", "4"));
      assertThat(written.failure()).isNull();
      assertThat(journal.replay("a").sequenceNrs()).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void storesWhatFollowsMoreRejectedEventsThanABatchHolds() {
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), SETTINGS)) {
      for (int i = 1; i <= 5; i++) {
        journal.write(JournalSystem.atomic("a", i, "refused"));
      }
      Written written = journal.write(JournalSystem.atomic("a", 6, "6"));
      assertThat(written.failure()).isNull();
      assertThat(journal.replay("a").sequenceNrs()).containsExactly(6L);
    }
  }
}
