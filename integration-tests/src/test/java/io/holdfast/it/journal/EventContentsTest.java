// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.it.StoredHeader;
import io.holdfast.it.journal.JournalSystem.Replayed;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.journal.BatchRejectedException;
import io.holdfast.testkit.CassandraExtension;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events of any content, from empty ones to the largest that the limits allow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventContentsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /**
   * What {@code max-batch-bytes} leaves for one event by default: a row costs 128 bytes, and the
   * persistence id and the writer's id what they have, and 5 bytes each.
   */
  private static final int MAX_BYTES =
      (8 << 20) - 128 - (5 + "large".length()) - (5 + "f6a7e2de-writer".length());

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private JournalSystem journal;

  @BeforeAll
  void start() {
    journal = JournalSystem.start(CASSANDRA, keyspace, "holdfast.cassandra.partition-size = 4");
  }

  @AfterAll
  void stop() {
    journal.close();
  }

  private static AtomicWrite bytes(String id, long sequenceNr, byte[] payload) {
    return JournalSystem.atomic(List.of(JournalSystem.event(id, sequenceNr, payload)));
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private List<byte[]> payloads(String id) {
    return journal.replay(id).events().stream().map(e -> (byte[]) e.payload()).toList();
  }

  @Test
  void keepsEmptyEventsApartFromRejectedOnes() {
    Written written =
        journal.write(
            bytes("empty", 1, new byte[0]),
            JournalSystem.atomic("empty", 2, "refused"),
            bytes("empty", 3, new byte[0]));
    assertThat(written.stored()).containsExactly(1L, 3L);
    assertThat(journal.replay("empty").sequenceNrs()).containsExactly(1L, 3L);
    assertThat(payloads("empty")).allSatisfy(payload -> assertThat(payload).isEmpty());
  }

  @Test
  void keepsTheLargestEventsAndRejectsLargerOnes() {
    Written written =
        journal.write(
            bytes("large", 1, filled(MAX_BYTES, 1)),
            bytes("large", 2, filled(MAX_BYTES + 1, 2)),
            bytes("large", 3, filled(MAX_BYTES, 3)),
            bytes("large", 4, filled(1, 4)));
    assertThat(written.failure()).isNull();
    assertThat(written.stored()).containsExactly(1L, 3L, 4L);
    assertThat(written.rejected().get(2L)).isInstanceOf(BatchRejectedException.class);
    List<byte[]> payloads = payloads("large");
    assertThat(payloads.get(0)).isEqualTo(filled(MAX_BYTES, 1));
    assertThat(payloads.get(1)).isEqualTo(filled(MAX_BYTES, 3));
    assertThat(payloads.get(2)).isEqualTo(filled(1, 4));
  }

  @Test
  void keepsTextsOfAnyContent() {
    String[] texts = {"", " ", "\0", "\u00e9", "e\u0301", "\u4e2d", "\ud83d\ude00", "a\nb\tc'\"\\"};
    journal.store("texts", 1, Arrays.copyOfRange(texts, 0, 4));
    journal.store("texts", 5, Arrays.copyOfRange(texts, 4, 8));
    assertThat(journal.replay("texts").texts()).containsExactly(texts);
  }

  @Test
  void storesWhatAnEventAdapterMakesAndReplaysWhatItReads() {
    try (JournalSystem adapting =
        JournalSystem.start(
            CASSANDRA,
            keyspace,
            "holdfast.cassandra.partition-size = 4\n" + TestEventAdapter.SETTINGS)) {
      Written refused = adapting.write(JournalSystem.atomic("adapted", 1, "one", "refused"));
      assertThat(refused.failure()).isNull();
      assertThat(refused.rejected()).containsOnlyKeys(1L, 2L);
      assertThat(refused.rejected().get(1L)).hasMessageContaining("refused");
      adapting.store("adapted", 1, "one", "none", "two");
      Replayed replayed = adapting.replay("adapted");
      assertThat(replayed.texts()).containsExactly("one adapted-3", "two", "adapted-3");
      assertThat(replayed.sequenceNrs()).containsExactly(1L, 3L, 3L);
      assertThat(replayed.events()).extracting(PersistentRepr::manifest).containsOnly("adapted-3");
      assertThat(replayed.highestSequenceNr()).isEqualTo(3);
    }
    List<Row> rows =
        CASSANDRA
            .session()
            .execute(
                ("SELECT header FROM %s.events WHERE persistence_id = 'adapted'"
                        + " AND partition_nr = 0")
                    .formatted(keyspace))
            .all();
    assertThat(rows)
        .extracting(row -> StoredHeader.of(row).manifest())
        .containsExactly("adapted-3", "adapted-4", "adapted-3");
    assertThat(StoredHeader.of(rows.get(0)).tags()).containsExactly("tag of one");
    assertThat(journal.replay("adapted").texts())
        .containsExactly("stored one", "stored none", "stored two");
  }
}
