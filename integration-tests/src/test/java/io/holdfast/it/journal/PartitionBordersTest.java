// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.journal.JournalSystem.Replayed;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batches that cross the borders of tiny partitions in every position, found again by an actor
 * system that knows nothing.
 */
class PartitionBordersTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static void append(
      JournalSystem journal, String id, List<String> history, int batchSize) {
    List<String> batch = new ArrayList<>();
    for (int i = 1; i <= batchSize; i++) {
      batch.add("event " + (history.size() + i));
    }
    journal.store(id, history.size() + 1, batch.toArray(String[]::new));
    history.addAll(batch);
  }

  private static void assertHistory(JournalSystem journal, String id, List<String> history) {
    Replayed replayed = journal.replay(id);
    assertThat(replayed.texts()).as(id).isEqualTo(history);
    assertThat(replayed.highestSequenceNr()).as(id).isEqualTo(history.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void findsWhatCrossesTheBorders(int partitionSize) {
    String keyspace = CASSANDRA.newKeyspaceName();
    String settings = "holdfast.cassandra.partition-size = " + partitionSize;
    Map<String, List<String>> histories = new TreeMap<>();
    try (JournalSystem first = JournalSystem.start(CASSANDRA, keyspace, settings)) {
      for (int before = 0; before <= partitionSize; before++) {
        for (int batchSize = 1; batchSize <= partitionSize; batchSize++) {
          String id = "%d events, then batches of %d".formatted(before, batchSize);
          List<String> history = new ArrayList<>();
          for (int i = 0; i < before; i++) {
            append(first, id, history, 1);
          }
          append(first, id, history, batchSize);
          append(first, id, history, batchSize);
          histories.put(id, history);
        }
      }
    }
    try (JournalSystem second = JournalSystem.start(CASSANDRA, keyspace, settings)) {
      histories.forEach(
          (id, history) -> {
            assertHistory(second, id, history);
            append(second, id, history, partitionSize);
            append(second, id, history, 1);
            second.deleteTo(id, history.size() / 2);
          });
    }
    String forgetful = settings + "\nholdfast.journal.max-remembered-streams = 0";
    try (JournalSystem third = JournalSystem.start(CASSANDRA, keyspace, forgetful)) {
      histories.forEach(
          (id, history) -> {
            int deleted = history.size() / 2;
            Replayed replayed = third.replay(id);
            assertThat(replayed.texts()).as(id).isEqualTo(history.subList(deleted, history.size()));
            assertThat(replayed.highestSequenceNr()).as(id).isEqualTo(history.size());
            third.deleteTo(id, Long.MAX_VALUE);
            append(third, id, history, partitionSize);
            assertThat(third.replay(id).texts()).as(id).hasSize(partitionSize);
            assertThat(third.replay(id).highestSequenceNr()).as(id).isEqualTo(history.size());
          });
    }
  }
}
