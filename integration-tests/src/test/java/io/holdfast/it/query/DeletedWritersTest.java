// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.fence.RegisteredWriter;
import io.holdfast.fence.WriterList;
import io.holdfast.it.WriterLogs;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.TestEvent;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody empties the table {@code writers} while nodes run. */
class DeletedWritersTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private JournalSystem start() {
    return JournalSystem.start(CASSANDRA, keyspace, () -> Instant.now().plus(ahead.get()));
  }

  private static Source<EventEnvelope<TestEvent>, NotUsed> source(JournalSystem journal) {
    return Reader.of(journal).journal().currentAllEvents(FeedFilter.all(), FeedOffset.beginning());
  }

  private static List<String> events(JournalSystem journal) {
    return Reader.of(journal).all(source(journal)).stream()
        .map(one -> one.persistenceId() + ":" + one.sequenceNr())
        .toList();
  }

  private void truncate() {
    CASSANDRA.session().execute("TRUNCATE %s.writers".formatted(keyspace));
  }

  private List<Row> rows() {
    return CASSANDRA.session().execute("SELECT * FROM %s.writers".formatted(keyspace)).all();
  }

  private static List<RegisteredWriter> writers(JournalSystem journal) {
    return get(new CassandraStorage(journal.system()).readWriters(1));
  }

  /** The journal looks every few seconds whether it is time for a heartbeat. */
  private void letHeartbeatsBeDue() {
    ahead.updateAndGet(before -> before.plusMinutes(2));
  }

  @Test
  void aHeartbeatBringsNothingBackButTheWriter() {
    try (JournalSystem first = start()) {
      first.store("a", 1, "x");
      first.store("a", 2, "x");
      List<RegisteredWriter> before = writers(first);
      CassandraStorage storage = new CassandraStorage(first.system());
      truncate();
      assertThat(get(storage.beat(before.get(0).id(), 1, Instant.now()))).isFalse();
      assertThat(get(storage.retire(before.get(0).id(), 1, 5, Instant.now()))).isFalse();
      assertThat(rows()).isEmpty();

      try (JournalSystem second = start()) {
        second.store("b", 1, "x");
        // The number is another's now.
        assertThat(get(storage.beat(before.get(0).id(), 1, Instant.now()))).isFalse();
        assertThat(get(storage.retire(before.get(0).id(), 1, 5, Instant.now()))).isFalse();
        letHeartbeatsBeDue();
        await().until(() -> writers(second).size() == 2);
        assertThat(writers(second).get(1).id()).isEqualTo(before.get(0).id());
        assertThat(writers(second)).allMatch(writer -> writer.end().isEmpty());
        first.store("a", 3, "x");
        assertThat(events(second)).containsExactlyInAnyOrder("a:1", "a:2", "a:3", "b:1");
        assertThat(events(first)).hasSize(4);
      }
    }
  }

  @Test
  void aWriterThatEndsIsOnTheListAgain() {
    try (JournalSystem first = start()) {
      first.store("a", 1, "x");
      truncate();
      first.stop();
      await().until(() -> writers(first).stream().anyMatch(writer -> writer.end().isPresent()));
    }
    try (JournalSystem second = start()) {
      assertThat(writers(second)).hasSize(1);
      assertThat(events(second)).containsExactly("a:1");
    }
  }

  @Test
  void readersThatKnowTheFormerListFail() {
    try (JournalSystem journal = start()) {
      journal.store("a", 1, "x");
      assertThat(events(journal)).hasSize(1);
      CompletionStage<Done> live =
          Reader.of(journal)
              .journal()
              .<TestEvent>allEvents(FeedFilter.all(), FeedOffset.beginning())
              .runForeach(event -> {}, journal.system());
      truncate();
      assertThat(failure(live, Exception.class)).hasMessageContaining("'writers' were deleted");
      letHeartbeatsBeDue();
      await().until(() -> writers(journal).size() == 1);
      journal.store("a", 2, "x");
      assertThat(events(journal)).containsExactly("a:1", "a:2");
    }
  }

  /** Rows that follow a take-over name the log that is to be read before. */
  @Test
  void aWriterThatIsOnlyReferredToIsFoundAgain() {
    try (JournalSystem first = start()) {
      first.store("a", 1, "x");
      // Or else the next writer logs the event again.
      WriterLogs.awaitSettled(new CassandraStorage(first.system()), writers(first).get(0).id());
    }
    try (JournalSystem second = start()) {
      second.replay("a");
      second.store("a", 2, "x");
      UUID former = writers(second).get(0).id();
      UUID present = writers(second).get(1).id();
      truncate();
      get(new WriterList(new CassandraStorage(second.system())).register(present, Instant.now()));
      assertThat(failure(source(second).runForeach(event -> {}, second.system()), Exception.class))
          .hasMessageContaining(former + " in the table 'writers' was deleted");
      assertThat(events(second)).containsExactly("a:1", "a:2");
    }
  }

  /** Earlier builds wrote the heartbeat of a row that was deleted. */
  @Test
  void aHalfRowIsCompletedByTheNextWriter() {
    try (JournalSystem journal = start()) {
      assertThat(events(journal)).isEmpty();
      CASSANDRA
          .session()
          .execute(
              "UPDATE %s.writers SET heartbeat = '2020-01-01' WHERE bucket = 0 AND number = 1"
                  .formatted(keyspace));
      assertThat(events(journal)).isEmpty();
      journal.store("a", 1, "x");
      assertThat(events(journal)).containsExactly("a:1");
      Instant now = Instant.now();
      assertThat(writers(journal))
          .singleElement()
          .satisfies(writer -> assertThat(writer.lastHeartbeat()).isAfter(now.minusSeconds(3_600)));
      assertThat(rows())
          .singleElement()
          .satisfies(row -> assertThat(row.isNull("address")).isFalse());
    }
  }

  @Test
  void noEntryTakesANumberThatIsAnothers() {
    try (JournalSystem journal = start()) {
      CassandraStorage storage = new CassandraStorage(journal.system());
      UUID one = Uuids.timeBased();
      UUID other = Uuids.timeBased();
      assertThat(get(new WriterList(storage).register(one, Instant.now()))).isEqualTo(1);
      assertThat(get(new WriterList(storage).register(other, Instant.now()))).isEqualTo(2);
      assertThat(get(new WriterList(storage).register(one, Instant.now()))).isEqualTo(1);
      assertThat(get(storage.retire(one, 1, 5, Instant.now()))).isTrue();
      assertThat(get(storage.retire(one, 1, 7, Instant.now()))).isTrue();
      assertThat(get(storage.readWriter(1)).orElseThrow().end()).hasValue(5);
      assertThat(get(storage.readWriter(3))).isEmpty();
    }
  }
}
