// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.WriterLogs;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.TestEvent;
import io.holdfast.testkit.CassandraExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A feed whose list of writers is long, since each start of a node puts one on it. */
class ManyWritersTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int WRITERS = 300;

  /** A position takes some ten characters, and some dozens of logs are read at a time. */
  private static final int MAX_OFFSET = 1_000;

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private final RetiredWriters retired = new RetiredWriters(CASSANDRA.session(), keyspace);
  private JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, "");

  @AfterEach
  void stop() {
    journal.close();
  }

  private void restart() {
    journal.close();
    journal = JournalSystem.start(CASSANDRA, keyspace, "");
    WriterLogs.endAll(new CassandraStorage(journal.system()));
  }

  private List<EventEnvelope<TestEvent>> current(Offset from) {
    Reader reader = Reader.of(journal);
    return reader.all(reader.journal().currentAllEvents(FeedFilter.all(), from));
  }

  private static List<String> events(List<EventEnvelope<TestEvent>> envelopes) {
    return envelopes.stream().map(one -> one.persistenceId() + ":" + one.sequenceNr()).toList();
  }

  /**
   * As many retired writers with one batch of two events each, and a living one.
   *
   * @param from when the first of them logged
   */
  private void store(Instant from) {
    IntStream.range(0, WRITERS).forEach(i -> journal.store("stream-" + i, 1, "1", "2"));
    restart();
    CassandraStorage storage = new CassandraStorage(journal.system());
    retired.divideLogs(storage, from);
    for (int i = 1; i <= 10; i++) {
      journal.store("living", i, "x");
    }
    // A row that is not final yet comes after those of other logs that are.
    WriterLogs.awaitSettled(storage, get(storage.readWriters(WRITERS + 1L)).get(0).id());
  }

  @Test
  void goesOnFromEveryOffsetWhileMostLogsAreNotBegun() {
    store(Instant.EPOCH);
    List<EventEnvelope<TestEvent>> all = current(FeedOffset.beginning());
    List<String> expected = new ArrayList<>();
    IntStream.range(0, WRITERS)
        .forEach(i -> expected.addAll(List.of("stream-" + i + ":1", "stream-" + i + ":2")));
    IntStream.rangeClosed(1, 10).forEach(i -> expected.add("living:" + i));
    assertThat(events(all)).containsExactlyElementsOf(expected);
    assertThat(all).allMatch(one -> one.offset().toString().length() < MAX_OFFSET);
    // Ends of rows and places within.
    for (int i = 0; i < all.size(); i += 7) {
      String offset = all.get(i).offset().toString();
      assertThat(events(current(FeedOffset.parse(offset))))
          .as("after %s at %s", expected.get(i), offset)
          .containsExactlyElementsOf(expected.subList(i + 1, expected.size()));
    }
  }

  @Test
  void readsALivingLogBeforeLaterOnesThatHaveEnded() {
    store(Instant.now().plusSeconds(3_600));
    List<EventEnvelope<TestEvent>> all = current(FeedOffset.beginning());
    assertThat(events(all.subList(0, 10))).allMatch(event -> event.startsWith("living:"));
    assertThat(all).hasSize(2 * WRITERS + 10);
    assertThat(all).allMatch(one -> one.offset().toString().length() < MAX_OFFSET);
    assertThat(current(all.get(9).offset())).hasSize(2 * WRITERS);
    assertThat(all.get(9).offset()).asString().matches("[0-9a-f]{16}:302:1-300,301\\.\\d+");
  }

  /** Earlier builds named each log that was not begun. */
  @Test
  void goesOnFromAnOffsetOfAnEarlierBuild() {
    store(Instant.EPOCH);
    List<String> logs = new ArrayList<>();
    IntStream.rangeClosed(4, WRITERS + 1).forEach(i -> logs.add(i + ".1"));
    FeedOffset offset = FeedOffset.parse(WRITERS + 2 + ":2.2," + String.join(",", logs));
    assertThat(events(current(offset)))
        .hasSize(2 * (WRITERS - 3) + 10)
        .startsWith("stream-3:1", "stream-3:2", "stream-4:1")
        .endsWith("living:10");
  }

  @Test
  void namesNoWriterThatLoggedNothing() {
    journal.store("first", 1, "x");
    restart();
    retired.addEmpty(WRITERS);
    journal.store("living", 1, "x");
    journal.store("living", 2, "x");
    List<EventEnvelope<TestEvent>> all = current(FeedOffset.beginning());
    assertThat(events(all)).containsExactly("first:1", "living:1", "living:2");
    assertThat(all.get(1).offset()).asString().endsWith(":303:302.2");
  }

  @Test
  void beginsSinceSomeTimeOrNow() {
    Instant from = Instant.ofEpochSecond(Instant.now().getEpochSecond() - WRITERS);
    store(from);
    assertThat(events(current(FeedOffset.since(from.plusSeconds(WRITERS - 3)))))
        .containsSubsequence("stream-297:1", "stream-297:2", "stream-299:2")
        .contains("living:1", "living:10")
        .hasSize(16);
    assertThat(current(FeedOffset.since(Instant.EPOCH))).hasSize(2 * WRITERS + 10);
    assertThat(current(FeedOffset.now())).isEmpty();
  }

  @Test
  void aRowThatIsGoneIsAnError() {
    store(Instant.EPOCH);
    UUID writer = get(new CassandraStorage(journal.system()).readWriters(7)).get(0).id();
    CASSANDRA
        .session()
        .execute(
            "DELETE FROM %s.commit_log WHERE writer_id = %s AND bucket = 0"
                .formatted(keyspace, writer));
    Reader reader = Reader.of(journal);
    List<Object> read =
        reader.allAndFailure(
            reader.journal().currentAllEvents(FeedFilter.all(), FeedOffset.beginning()));
    assertThat(read.get(read.size() - 1))
        .asString()
        .contains("row 1 of the log of writer " + writer, "commit_log", "FeedOffset.since");
  }
}
