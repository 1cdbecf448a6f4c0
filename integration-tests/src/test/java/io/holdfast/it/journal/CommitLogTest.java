// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.fence.LogEntry;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.MergedLogs;
import io.holdfast.it.StoredHeader;
import io.holdfast.it.WriterLogs;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pekko.persistence.journal.Tagged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What writers log of what they write, and claimers of what they take over. */
class CommitLogTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();

  private final String id = "actor-" + UUID.randomUUID();

  private static JournalSystem start() {
    return JournalSystem.start(CASSANDRA, KEYSPACE, "");
  }

  private static StoredHeader event(String persistenceId, long sequenceNr) {
    return StoredHeader.of(
        CASSANDRA
            .session()
            .execute(
                ("SELECT header FROM %s.events"
                        + " WHERE persistence_id = '%s' AND partition_nr = 0 AND seq_nr = %d")
                    .formatted(KEYSPACE, persistenceId, sequenceNr))
            .one());
  }

  private static UUID writer(String persistenceId, long sequenceNr) {
    return event(persistenceId, sequenceNr).writer();
  }

  private static List<LogRow> log(JournalSystem journal, UUID writer) {
    return WriterLogs.read(new CassandraStorage(journal.system()), writer);
  }

  private static List<LogRow> settledLog(JournalSystem journal, UUID writer) {
    CassandraStorage storage = new CassandraStorage(journal.system());
    List<LogRow> rows = WriterLogs.awaitSettled(storage, writer);
    assertThat(get(storage.readLogEnd(writer))).isEqualTo(LogRow.FIRST_POSITION + rows.size());
    return rows;
  }

  private static LogRow lastWithEntries(List<LogRow> rows) {
    return rows.stream()
        .filter(row -> !row.entries().isEmpty())
        .reduce((before, after) -> after)
        .orElseThrow();
  }

  /** What a reader of both logs is told of one stream, as {@code first-last}. */
  private List<String> merged(JournalSystem journal, UUID... writers) {
    MergedLogs logs = new MergedLogs();
    for (UUID writer : writers) {
      logs.add(writer, LogRow.FIRST_POSITION);
      logs.read(writer, log(journal, writer));
    }
    List<String> batches = new ArrayList<>();
    for (Optional<MergedLogs.Taken> taken = logs.take(); taken.isPresent(); taken = logs.take()) {
      taken.get().entries().values().stream()
          .filter(entry -> entry.persistenceId().equals(id))
          .forEach(entry -> batches.add(entry.firstSequenceNr() + "-" + entry.lastSequenceNr()));
    }
    return batches;
  }

  @Test
  void tellsOfEachBatchWithItsTypesAndTags() {
    try (JournalSystem journal = start()) {
      journal.store(id, 1, "1");
      journal.store(id, 2, "2", "3");
      journal.write(
          JournalSystem.atomic(
              List.of(
                  JournalSystem.event(id, 4, new Tagged(new TestEvent("4"), Set.of("a", "b"))))));
      UUID writer = writer(id, 1);
      List<LogRow> rows = settledLog(journal, writer);
      List<LogEntry> entries = rows.stream().flatMap(row -> row.entries().stream()).toList();
      assertThat(entries)
          .extracting(e -> e.firstSequenceNr() + "-" + e.lastSequenceNr() + " " + e.tags().size())
          .containsExactly("1-1 0", "2-3 0", "4-4 2");
      assertThat(entries)
          .allSatisfy(
              entry -> {
                assertThat(entry.persistenceId()).isEqualTo(id);
                assertThat(entry.eventTypes()).hasSize(1);
              });
      assertThat(entries.get(2).tags()).containsExactlyInAnyOrder("a", "b");
      assertThat(rows).allSatisfy(row -> assertThat(row.voided()).isEmpty());
      assertThat(merged(journal, writer)).containsExactly("1-1", "2-3", "4-4");
      assertThat(event(id, 4).logPosition()).isPositive().isLessThan(rows.size());
    }
  }

  @Test
  void tellsOfManyStreamsInOneLog() {
    try (JournalSystem journal = start()) {
      List<String> ids = IntStream.range(0, 100).mapToObj(i -> id + "-" + i).toList();
      List<CompletableFuture<Void>> writes =
          ids.stream()
              .map(one -> CompletableFuture.runAsync(() -> journal.store(one, 1, "1")))
              .toList();
      writes.forEach(write -> get(write));
      assertThat(
              settledLog(journal, writer(ids.get(0), 1)).stream()
                  .flatMap(r -> r.entries().stream()))
          .extracting(LogEntry::persistenceId)
          .containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @Test
  void aClaimerComesAfterTheRowThatProvesTheEnd() {
    UUID first;
    LogRow last;
    try (JournalSystem journal = start()) {
      journal.store(id, 1, "1");
      journal.store(id, 2, "2", "3");
      first = writer(id, 3);
      // Where it stands depends on whether a marker row came before it.
      last = lastWithEntries(settledLog(journal, first));
      assertThat(last.position()).isGreaterThanOrEqualTo(event(id, 3).logPosition());
    }
    try (JournalSystem journal = start()) {
      assertThat(journal.replay(id).texts()).containsExactly("1", "2", "3");
      journal.store(id, 4, "4");
      UUID second = writer(id, 4);
      LogRow row = settledLog(journal, second).get(0);
      assertThat(row.adopted()).isEmpty();
      assertThat(row.after()).isEqualTo(Map.of(first, last.position() + 1));
      assertThat(merged(journal, first, second)).containsExactly("1-1", "2-3", "4-4");
      assertThat(merged(journal, second, first)).containsExactly("1-1", "2-3", "4-4");
    }
  }

  /** As if the first writer had died before its rows came to be. */
  @Test
  void aClaimerAdoptsWhatIsInNoFinalRow() {
    UUID first;
    try (JournalSystem journal = start()) {
      journal.store(id, 1, "1");
      first = writer(id, 1);
      settledLog(journal, first);
      journal.store(id, 2, "2");
      journal.store(id, 3, "3", "4");
      settledLog(journal, first);
    }
    CASSANDRA
        .session()
        .execute(
            "DELETE FROM %s.commit_log WHERE writer_id = %s AND bucket = 0 AND position > %d"
                .formatted(KEYSPACE, first, event(id, 2).logPosition()));
    try (JournalSystem journal = start()) {
      assertThat(journal.replay(id).texts()).containsExactly("1", "2", "3", "4");
      journal.store(id, 5, "5");
      UUID second = writer(id, 5);
      List<LogRow> rows = settledLog(journal, second);
      assertThat(rows.get(0).adopted())
          .extracting(entry -> entry.firstSequenceNr() + "-" + entry.lastSequenceNr())
          .containsExactly("2-2", "3-4");
      assertThat(rows.get(0).adopted())
          .allSatisfy(entry -> assertThat(entry.eventTypes()).hasSize(1));
      assertThat(merged(journal, first, second)).containsExactly("1-1", "2-2", "3-4", "5-5");
    }
  }

  @Test
  void aRejectedEventsPlaceIsToldOfWithTheBatchThatFillsIt() {
    try (JournalSystem journal = start()) {
      journal.store(id, 1, "1");
      journal.store(id, 4, "4");
      UUID writer = writer(id, 1);
      settledLog(journal, writer);
      assertThat(merged(journal, writer)).containsExactly("1-1", "2-4");
    }
  }
}
