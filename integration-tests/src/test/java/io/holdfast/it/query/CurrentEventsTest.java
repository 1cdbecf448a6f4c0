// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.holdfast.feed.FeedFilter;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.TestEvent;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.query.HoldfastScalaReadJournal;
import io.holdfast.query.QueryUnavailableException;
import io.holdfast.testkit.CassandraExtension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queries that end, over partitions of four sequence numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CurrentEventsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      """
      holdfast.cassandra.partition-size = 4
      holdfast.journal.max-batch-size = 4
      holdfast.query { page-size = 3, settle-timeout = 500 ms }
      """;
  private static final long END = Long.MAX_VALUE;

  private String keyspace;
  private JournalSystem writer;
  private JournalSystem other;
  private Reader reader;

  @BeforeAll
  void start() {
    keyspace = CASSANDRA.newKeyspaceName();
    writer = JournalSystem.start(CASSANDRA, keyspace, SETTINGS);
    writer.replay("none");
    other = JournalSystem.start(CASSANDRA, keyspace, SETTINGS);
    reader = Reader.of(other);
  }

  @AfterAll
  void stop() {
    other.close();
    writer.close();
  }

  /** In batches of one to four. */
  private void store(String id, int events) {
    for (int next = 1, size = 1; next <= events; size = size % 4 + 1) {
      String[] texts =
          LongStream.range(next, Math.min(next + size, events + 1))
              .mapToObj(Long::toString)
              .toArray(String[]::new);
      writer.store(id, next, texts);
      next += texts.length;
    }
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void readsWithinAnyBounds() {
    store("bounds", 23);
    for (long from : new long[] {0, 1, 4, 5, 12, 23, 24}) {
      for (long to : new long[] {0, 1, 4, 5, 12, 23, 24, END}) {
        assertThat(Reader.sequenceNrs(reader.current("bounds", from, to)))
            .as("%d to %d", from, to)
            .isEqualTo(range(Math.max(1, from), Math.min(23, to)));
      }
    }
  }

  @Test
  void seesEachEventOnceItIsAcknowledged() {
    for (int events = 1; events <= 13; events++) {
      writer.store("growing", events, "" + events);
      assertThat(Reader.sequenceNrs(reader.current("growing", 1, END))).isEqualTo(range(1, events));
    }
  }

  @Test
  void readsNothingOfAStreamThatWasNeverWritten() {
    assertThat(reader.current("unwritten", 1, END)).isEmpty();
    assertThat(get(reader.journal().currentLastSequenceNumberByPersistenceId("unwritten")))
        .isEmpty();
  }

  @Test
  void leavesOutDeletedEvents() {
    store("deleted", 11);
    writer.deleteTo("deleted", 6);
    assertThat(Reader.sequenceNrs(reader.current("deleted", 1, END))).isEqualTo(range(7, 11));
    writer.deleteTo("deleted", END);
    assertThat(reader.current("deleted", 1, END)).isEmpty();
    assertThat(get(reader.journal().currentLastSequenceNumberByPersistenceId("deleted")))
        .contains(11L);
    writer.store("deleted", 12, "12");
    assertThat(Reader.sequenceNrs(reader.current("deleted", 1, END))).isEqualTo(range(12, 12));
  }

  @Test
  void leavesOutRejectedEvents() {
    writer.write(
        JournalSystem.atomic("rejected", 1, "1"),
        JournalSystem.atomic("rejected", 2, "refused"),
        JournalSystem.atomic("rejected", 3, "3", "4"));
    writer.write(JournalSystem.atomic("rejected", 5, "refused"));
    writer.store("rejected", 6, "6");
    assertThat(Reader.sequenceNrs(reader.current("rejected", 1, END)))
        .containsExactly(1L, 3L, 4L, 6L);
  }

  @Test
  void tellsOffsetTimeAndMetadata() {
    long before = System.currentTimeMillis();
    writer.write(
        JournalSystem.atomic(
            List.of(
                JournalSystem.event("order|1", 1, new TestEvent("one")).withMetadata("by hand"))));
    EventEnvelope envelope = reader.current("order|1", 1, END).get(0);
    assertThat(envelope.event()).isEqualTo(new TestEvent("one"));
    assertThat(envelope.offset()).isEqualTo(Offset.sequence(1));
    long written = envelope.timestamp();
    assertThat(written).isBetween(before, System.currentTimeMillis());
    assertThat(envelope.getEventMetaData()).contains("by hand");

    HoldfastReadJournal journal = reader.journal();
    org.apache.pekko.persistence.query.typed.EventEnvelope<TestEvent> typed =
        reader.all(journal.<TestEvent>currentEventsByPersistenceIdTyped("order|1", 1, END)).get(0);
    assertThat(typed.event()).isEqualTo(new TestEvent("one"));
    assertThat(typed.timestamp()).isEqualTo(written);
    assertThat(typed.entityType()).isEqualTo("order");
    assertThat(typed.slice())
        .isEqualTo(Persistence.get(other.system()).sliceForPersistenceId("order|1"));
    assertThat(typed.getEventMetaData()).contains("by hand");
    assertThat(get(journal.<TestEvent>loadEnvelope("order|1", 1))).isEqualTo(typed);
    assertThat(get(journal.timestampOf("order|1", 1)).map(time -> time.toEpochMilli()))
        .contains(written);
    assertThat(get(journal.timestampOf("order|1", 2))).isEmpty();
    assertThat(
            failure(journal.loadEnvelope("order|1", 2), NoSuchElementException.class).getMessage())
        .contains("'order|1' has no event 2");
  }

  /** Pekko cannot tell the entity type of some. */
  @Test
  void noIdBreaksAQueryForOthers() {
    Map<String, String> types = new TreeMap<>();
    for (String id :
        List.of("acme|17|", "acme|17|x", "acme||", "acme|", "|acme", "||acme", "|", "||", "|||")) {
      writer.store(id, 1, "1");
      types.put(id, id.startsWith("acme") ? "acme" : "");
    }
    HoldfastReadJournal journal = reader.journal();
    assertThat(entityTypes(journal.currentAllEvents(FeedFilter.all(), Offset.noOffset())))
        .containsAllEntriesOf(types);
    for (String type : List.of("acme", "")) {
      Map<String, String> ofType = new TreeMap<>(types);
      ofType.values().removeIf(other -> !other.equals(type));
      assertThat(entityTypes(journal.currentEventsBySlices(type, 0, 1023, Offset.noOffset())))
          .containsAllEntriesOf(ofType);
    }
    assertThat(reader.all(journal.currentPersistenceIds())).containsAll(types.keySet());
    types.forEach(
        (id, type) -> {
          assertThat(entityTypes(journal.currentEventsByPersistenceIdTyped(id, 1, END)))
              .isEqualTo(Map.of(id, type));
          assertThat(reader.current(id, 1, END)).hasSize(1);
        });
  }

  /** The driver would make a question mark of half a surrogate pair, and so read another id. */
  @Test
  @SuppressWarnings("NullAway")
  void checksArgumentsInTheCall() {
    HoldfastReadJournal journal = reader.journal();
    for (String id : List.of("", "b\ud800", "z".repeat(40_000))) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> journal.currentEventsByPersistenceId(id, 1, END),
              () -> journal.eventsByPersistenceIdTyped(id, 1, END),
              () -> journal.currentLastSequenceNumberByPersistenceId(id),
              () -> journal.timestampOf(id, 1),
              () -> journal.loadEnvelope(id, 1),
              () -> journal.currentPersistenceIds(Optional.of(id), 1))) {
        assertThatIllegalArgumentException()
            .isThrownBy(call)
            .withMessageContaining("the persistence id");
      }
    }
    Map<ThrowingCallable, String> calls = new HashMap<>();
    calls.put(() -> journal.currentEventsByPersistenceId(null, 1, END), "persistenceId");
    calls.put(() -> journal.eventsByPersistenceId(null, 1, END), "persistenceId");
    calls.put(() -> journal.timestampOf(null, 1), "persistenceId");
    calls.put(() -> journal.sliceForPersistenceId(null), "persistenceId");
    calls.put(() -> journal.currentPersistenceIds(null, 1), "afterId");
    calls.put(() -> journal.allEvents(null, Offset.noOffset()), "filter");
    calls.put(() -> journal.currentAllEvents(FeedFilter.all(), null), "offset");
    calls.put(() -> journal.eventsByTag(null, Offset.noOffset()), "tag");
    calls.put(() -> journal.currentEventsByTag("red", null), "offset");
    calls.put(() -> journal.eventsBySlices(null, 0, 1, Offset.noOffset()), "entityType");
    calls.put(() -> journal.currentEventsBySlices("order", 0, 1, null), "offset");
    calls.forEach(
        (call, argument) ->
            assertThatNullPointerException().isThrownBy(call).withMessageContaining(argument));
  }

  private Map<String, String> entityTypes(
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<Object>, NotUsed> source) {
    Map<String, String> types = new TreeMap<>();
    reader.all(source).forEach(event -> types.put(event.persistenceId(), event.entityType()));
    return types;
  }

  @Test
  void appliesTheJournalsEventAdapters() {
    writer.store("words", 1, "one", "two three", "", "four");
    String adapters =
        """
        holdfast.journal {
          event-adapters.words = "io.holdfast.it.query.SplittingAdapter"
          event-adapter-bindings."io.holdfast.it.journal.TestEvent" = words
        }
        """;
    try (JournalSystem adapting = JournalSystem.start(CASSANDRA, keyspace, SETTINGS + adapters)) {
      List<EventEnvelope> found = Reader.of(adapting).current("words", 1, END);
      assertThat(found.stream().map(Reader::text)).containsExactly("one", "two", "three", "four");
      assertThat(Reader.sequenceNrs(found)).containsExactly(1L, 2L, 2L, 4L);
    }
  }

  @Test
  void servesScala() {
    store("scala", 6);
    HoldfastScalaReadJournal scala =
        PersistenceQuery.get(other.system()).readJournalFor(HoldfastReadJournal.IDENTIFIER);
    assertThat(
            Reader.sequenceNrs(
                reader.all(scala.currentEventsByPersistenceId("scala", 2, END).asJava())))
        .isEqualTo(range(2, 6));
    assertThat(reader.all(scala.currentPersistenceIds().asJava())).contains("scala");
  }

  @Test
  void readsNoFasterThanItIsAsked() {
    store("slow", 40);
    SinkQueueWithCancel<EventEnvelope> queue =
        reader.open(reader.journal().currentEventsByPersistenceId("slow", 1, END));
    for (long next = 1; next <= 10; next++) {
      assertThat(get(queue.pull()).map(EventEnvelope::sequenceNr)).contains(next);
    }
    // What is ahead of us was read; what follows was not, and is gone.
    writer.deleteTo("slow", 39);
    int more = 0;
    while (get(queue.pull()).isPresent()) {
      more++;
    }
    assertThat(more).isBetween(1, 25);
  }

  /** As a claimer leaves it that dies after its first step. */
  @Test
  void failsRatherThanLeaveOutWhatMayHaveBeenAcknowledged() {
    store("claimed", 6);
    revoke("claimed");
    List<Object> found =
        reader.allAndFailure(
            reader
                .journal()
                .currentEventsByPersistenceId("claimed", 1, END)
                .map(EventEnvelope::sequenceNr));
    assertThat(found).hasSize(4).startsWith(1L, 2L, 3L);
    assertThat(found.get(3))
        .isInstanceOf(QueryUnavailableException.class)
        .asString()
        .contains("'claimed'", "after 3", "holdfast.query.settle-timeout");
    // Nothing is in doubt below.
    assertThat(Reader.sequenceNrs(reader.current("claimed", 1, 3))).isEqualTo(range(1, 3));

    assertThat(other.replay("claimed").highestSequenceNr()).isEqualTo(6);
    assertThat(Reader.sequenceNrs(reader.current("claimed", 1, END))).isEqualTo(range(1, 6));
  }

  private void revoke(String id) {
    var session = CASSANDRA.session();
    var owner =
        session
            .execute(
                "SELECT owner, epoch FROM %s.streams WHERE persistence_id = '%s'"
                    .formatted(keyspace, id))
            .one();
    session.execute(
        "INSERT INTO %s.revocations (writer_id, revocation_id, streams) VALUES (?, now(), ?) USING TIMESTAMP 1"
            .formatted(keyspace),
        owner.getUuid("owner"),
        Map.of(id, owner.getLong("epoch")));
  }

  /** A row of a batch that reached too few replicas, or that comes late, is nobody's event. */
  @Test
  void emitsNoRowsOfABatchThatIsNotWhole() {
    store("torn", 3);
    CASSANDRA
        .session()
        .execute(
            "INSERT INTO %s.events (persistence_id, partition_nr, seq_nr, batch_first_seq_nr, writer_id, timestamp) VALUES ('torn', 0, 5, 4, now(), 0) USING TIMESTAMP %d"
                .formatted(keyspace, epoch("torn")));
    assertThat(Reader.sequenceNrs(reader.current("torn", 1, END))).isEqualTo(range(1, 3));
  }

  private long epoch(String id) {
    return CASSANDRA
        .session()
        .execute("SELECT epoch FROM %s.streams WHERE persistence_id = '%s'".formatted(keyspace, id))
        .one()
        .getLong(0);
  }

  @Test
  void listsPersistenceIdsPageByPage() {
    List<String> written = LongStream.range(0, 11).mapToObj(i -> "listed " + i + " é").toList();
    written.forEach(id -> writer.store(id, 1, "1"));
    List<String> all = reader.all(reader.journal().currentPersistenceIds());
    assertThat(all).containsAll(written).doesNotHaveDuplicates();

    List<String> paged = new java.util.ArrayList<>();
    Optional<String> last = Optional.empty();
    do {
      List<String> page = reader.all(reader.journal().currentPersistenceIds(last, 4));
      assertThat(page).hasSizeLessThanOrEqualTo(4);
      paged.addAll(page);
      last = page.isEmpty() ? Optional.empty() : Optional.of(page.get(page.size() - 1));
    } while (last.isPresent());
    assertThat(paged).containsSubsequence(all);
    assertThat(reader.all(reader.journal().currentPersistenceIds(Optional.of("x"), 0))).isEmpty();
  }
}
