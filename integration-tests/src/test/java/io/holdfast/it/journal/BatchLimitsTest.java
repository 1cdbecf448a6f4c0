// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.journal.BatchRejectedException;
import io.holdfast.testkit.CassandraExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchLimitsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private JournalSystem journal;

  @BeforeAll
  void start() {
    journal =
        JournalSystem.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            "holdfast.journal { max-batch-size = 4, max-batch-bytes = 2 KiB }");
  }

  @AfterAll
  void stop() {
    journal.close();
  }

  @Test
  void rejectsTooManyEventsAndStoresTheNeighbours() {
    Written written =
        journal.write(
            JournalSystem.atomic("many", 1, "1"),
            JournalSystem.atomic("many", 2, "2", "3", "4", "5", "6"),
            JournalSystem.atomic("many", 7, "7"));
    assertThat(written.rejected()).containsOnlyKeys(2L, 3L, 4L, 5L, 6L);
    assertThat(written.rejected().get(2L))
        .isInstanceOf(BatchRejectedException.class)
        .hasMessageContaining("events 2 to 6 of 'many'")
        .hasMessageContaining("at most 4 events (max-batch-size)");
    assertThat(written.failure()).isNull();
    assertThat(journal.replay("many").sequenceNrs()).containsExactly(1L, 7L);
  }

  @Test
  void rejectsTooManyEventsAndStoresWhatCameBefore() {
    Written written =
        journal.write(
            JournalSystem.atomic("before", 1, "1"),
            JournalSystem.atomic("before", 2, "2", "3", "4", "5", "6"));
    assertThat(written.failure()).isNull();
    assertThat(written.stored()).containsExactly(1L);
    assertThat(written.rejected()).containsOnlyKeys(2L, 3L, 4L, 5L, 6L);
    assertThat(written.rejected().get(2L))
        .isInstanceOf(BatchRejectedException.class)
        .hasMessageContaining("events 2 to 6 of 'before'")
        .hasMessageContaining("at most 4 events (max-batch-size)");
    assertThat(journal.replay("before").sequenceNrs()).containsExactly(1L);
  }

  @Test
  void rejectsTooManyBytesAndStoresTheNeighbours() {
    String large = "x".repeat(3_000);
    Written written =
        journal.write(
            JournalSystem.atomic("large", 1, "1"),
            JournalSystem.atomic("large", 2, large),
            JournalSystem.atomic("large", 3, "3"));
    assertThat(written.failure()).isNull();
    assertThat(written.stored()).containsExactly(1L, 3L);
    assertThat(written.rejected().get(2L))
        .isInstanceOf(BatchRejectedException.class)
        .hasMessageContaining("event")
        .hasMessageContaining("2048 bytes (max-batch-bytes)");
    assertThat(journal.replay("large").sequenceNrs()).containsExactly(1L, 3L);
  }

  @Test
  void splitsARequestThatIsTooLargeForOneBatch() {
    String text = "x".repeat(600);
    Written written =
        journal.write(
            JournalSystem.atomic("split", 1, text, text),
            JournalSystem.atomic("split", 3, text, text),
            JournalSystem.atomic("split", 5, text));
    assertThat(written.failure()).isNull();
    assertThat(written.stored()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(journal.replay("split").sequenceNrs()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }
}
