// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.it.StoredHeader;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.persistence.journal.Tagged;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stands in the tables, as the storage protocol wants it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredRowsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

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

  private List<Row> rows(String id, long partitionNr) {
    return CASSANDRA
        .session()
        .execute(
            "SELECT seq_nr, header, event_id, writetime(header) AS epoch FROM %s.events WHERE persistence_id = '%s' AND partition_nr = %d"
                .formatted(keyspace, id, partitionNr))
        .all();
  }

  private Row stream(String id) {
    return Objects.requireNonNull(
        CASSANDRA
            .session()
            .execute(
                "SELECT owner, epoch FROM %s.streams WHERE persistence_id = '%s'"
                    .formatted(keyspace, id))
            .one());
  }

  /** Each row of a partition as "sequence number of first sequence number of its batch". */
  private List<String> positions(String id, long partitionNr) {
    List<String> positions = new ArrayList<>();
    for (Row row : rows(id, partitionNr)) {
      positions.add(row.getLong("seq_nr") + " of " + StoredHeader.of(row).batchFirstSequenceNr());
    }
    return positions;
  }

  @Test
  void putsABatchIntoOnePartitionUnderOneNumber() {
    journal.store("batches", 1, "1");
    journal.store("batches", 2, "2", "3");
    journal.store("batches", 4, "4", "5", "6", "7");
    journal.store("batches", 8, "8");
    journal.store("batches", 9, "9");
    assertThat(positions("batches", 0))
        .containsExactly("1 of 1", "2 of 2", "3 of 2", "4 of 4", "5 of 4", "6 of 4", "7 of 4");
    assertThat(positions("batches", 1)).containsExactly("8 of 8");
    assertThat(positions("batches", 2)).containsExactly("9 of 9");
  }

  @Test
  void writesWithTheEpochAsTimestampAndTheOwnerAsWriter() {
    journal.store("epochs", 1, "1", "2", "3");
    journal.store("epochs", 4, "4", "5");
    Row stream = stream("epochs");
    List<Row> rows = rows("epochs", 0);
    assertThat(rows).hasSize(5);
    for (Row row : rows) {
      assertThat(row.getLong("epoch")).isEqualTo(stream.getLong("epoch"));
      assertThat(StoredHeader.of(row).writer()).isEqualTo(stream.getUuid("owner"));
      assertThat(StoredHeader.of(row).logPosition()).isPositive();
    }
  }

  @Test
  void writesWhatASerializerNeedsToReadTheEvent() {
    Tagged tagged = new Tagged(new TestEvent("a"), Set.of("red", "blue"));
    journal.write(JournalSystem.atomic(List.of(JournalSystem.event("columns", 1, tagged))));
    Row row = rows("columns", 0).get(0);
    StoredHeader header = StoredHeader.of(row);
    assertThat(header.serializerId()).isEqualTo(TestEventSerializer.IDENTIFIER);
    assertThat(header.serializerManifest()).isEqualTo(TestEventSerializer.MANIFEST);
    assertThat(header.tags()).containsExactlyInAnyOrder("red", "blue");
    assertThat(header.writerUuid()).isNotEmpty();
    assertThat(row.isNull("event_id")).isTrue();
  }

  @Test
  void fillsThePlacesOfRejectedEvents() {
    journal.write(
        JournalSystem.atomic("gaps", 1, "1"),
        JournalSystem.atomic("gaps", 2, "refused"),
        JournalSystem.atomic("gaps", 3, "3"));
    List<Row> rows = rows("gaps", 0);
    assertThat(positions("gaps", 0)).containsExactly("1 of 1", "2 of 1", "3 of 1");
    assertThat(StoredHeader.of(rows.get(1)).serializerId()).isNull();
    assertThat(rows.get(1).getLong("epoch")).isEqualTo(stream("gaps").getLong("epoch"));
  }
}
