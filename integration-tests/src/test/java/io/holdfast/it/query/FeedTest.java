// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.ForeignOffsetException;
import io.holdfast.it.StoredHeader;
import io.holdfast.it.WriterLogs;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.TestEvent;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.testkit.CassandraExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.query.NoOffset;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.TimestampOffset;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.collection.immutable.Map$;

/** The feed of all events, as the queries give it: every event, in order, from anywhere. */
class FeedTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      """
      holdfast.cassandra.partition-size = 10
      holdfast.journal.max-batch-size = 10
      holdfast.feed { max-events-ahead = 7, settle-delay = 200 ms, settle-timeout = 2 s }
      """;
  private static final FeedFilter ALL = FeedFilter.all();

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private JournalSystem journal;
  private Reader reader;

  @BeforeEach
  void start() {
    journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS);
    reader = Reader.of(journal);
  }

  @AfterEach
  void stop() {
    journal.close();
  }

  private void restart() {
    journal.close();
    start();
    WriterLogs.endAll(new CassandraStorage(journal.system()));
  }

  private HoldfastReadJournal queries() {
    return reader.journal();
  }

  private List<EventEnvelope<TestEvent>> current(FeedFilter filter, Offset from) {
    return reader.all(queries().currentAllEvents(filter, from));
  }

  private static <E> String event(EventEnvelope<E> envelope) {
    return envelope.persistenceId() + ":" + envelope.sequenceNr();
  }

  private static List<String> events(List<EventEnvelope<TestEvent>> envelopes) {
    return envelopes.stream().map(FeedTest::event).toList();
  }

  /** The events of each stream, and whether each is there once and in order. */
  private static Map<String, Integer> counts(List<EventEnvelope<TestEvent>> envelopes) {
    Map<String, Integer> counts = new TreeMap<>();
    for (EventEnvelope<TestEvent> envelope : envelopes) {
      int count = counts.merge(envelope.persistenceId(), 1, Integer::sum);
      assertThat(envelope.sequenceNr()).as(envelope.persistenceId()).isEqualTo(count);
      assertThat(envelope.event().text()).isEqualTo(envelope.persistenceId() + "/" + count);
    }
    return counts;
  }

  private void store(String id, int from, int events) {
    journal.store(
        id,
        from,
        IntStream.range(from, from + events).mapToObj(i -> id + "/" + i).toArray(String[]::new));
  }

  private void storeTagged(String id, int sequenceNr, String... tags) {
    assertThat(
            journal
                .write(
                    JournalSystem.atomic(
                        List.of(
                            JournalSystem.event(
                                id,
                                sequenceNr,
                                new Tagged(new TestEvent(id + "/" + sequenceNr), Set.of(tags))))))
                .failure())
        .isNull();
  }

  /** Some streams that grow in turn, in batches of one to nine. */
  private Map<String, Integer> storeMany(long seed, int writes, Map<String, Integer> before) {
    Random random = new Random(seed);
    Map<String, Integer> counts = new TreeMap<>(before);
    for (int i = 0; i < writes; i++) {
      String id = "stream-" + random.nextInt(20);
      int size = 1 + random.nextInt(9);
      store(id, counts.getOrDefault(id, 0) + 1, size);
      counts.merge(id, size, Integer::sum);
    }
    return counts;
  }

  @Test
  void hasEveryEventOnceAndEachStreamInOrder() {
    Map<String, Integer> stored = storeMany(1, 200, Map.of());
    assertThat(counts(current(ALL, Offset.noOffset()))).isEqualTo(stored);
  }

  @Test
  void isEmptyWhereNothingIsWritten() {
    assertThat(current(ALL, Offset.noOffset())).isEmpty();
    assertThat(current(ALL, FeedOffset.now())).isEmpty();
  }

  @Test
  void goesOnAcrossRestartsAndMovedStreams() {
    Map<String, Integer> stored = new TreeMap<>();
    for (int round = 0; round < 4; round++) {
      stored = new TreeMap<>(storeMany(round, 30, stored));
      restart();
      stored.keySet().forEach(journal::replay);
    }
    assertThat(counts(current(ALL, FeedOffset.beginning()))).isEqualTo(stored);
    // All logs but the last are finished and take no place in an offset.
    storeMany(9, 1, stored);
    List<EventEnvelope<TestEvent>> all = current(ALL, FeedOffset.beginning());
    assertThat(all.get(all.size() - 1).offset().toString()).matches("[0-9a-f]{16}:6:5\\.\\d+");
  }

  /** The writer retires; that one reader knows it must not keep its last events from another. */
  @Test
  void aLiveReaderHearsOfWhatAnotherReaderFinds() {
    String settings = SETTINGS + "holdfast.feed.poll-interval = 10 minutes";
    try (JournalSystem elsewhere = JournalSystem.start(CASSANDRA, keyspace, settings)) {
      Reader other = Reader.of(elsewhere);
      store("a", 1, 1);
      List<EventEnvelope<TestEvent>> live = new CopyOnWriteArrayList<>();
      KillSwitch running =
          other.follow(other.journal().<TestEvent>allEvents(ALL, Offset.noOffset()), live);
      await().until(() -> live.size() == 1);
      store("a", 2, 1);
      journal.close();
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          events(
                              other.all(
                                  other
                                      .journal()
                                      .<TestEvent>currentAllEvents(ALL, Offset.noOffset()))))
                      .containsExactly("a:1", "a:2"));
      await().untilAsserted(() -> assertThat(events(live)).containsExactly("a:1", "a:2"));
      running.shutdown();
    }
  }

  @Test
  void goesOnFromEveryOffset() {
    storeMany(3, 25, Map.of());
    restart();
    storeMany(3, 0, Map.of());
    store("other", 1, 9);
    store("other", 10, 1);
    List<EventEnvelope<TestEvent>> all = current(ALL, FeedOffset.beginning());
    for (int i = 0; i < all.size(); i++) {
      Offset offset = FeedOffset.parse(all.get(i).offset().toString());
      assertThat(events(current(ALL, offset)))
          .as("after %s at %s", event(all.get(i)), offset)
          .containsExactlyElementsOf(events(all.subList(i + 1, all.size())));
    }
  }

  @Test
  void refusesOffsetsOfOtherStores() {
    store("a", 1, 2);
    String offset = current(ALL, Offset.noOffset()).get(0).offset().toString();
    FeedOffset foreign = FeedOffset.parse("0123456789abcdef" + offset.substring(16));
    for (Source<EventEnvelope<TestEvent>, NotUsed> source :
        List.<Source<EventEnvelope<TestEvent>, NotUsed>>of(
            queries().allEvents(ALL, foreign),
            queries().currentAllEvents(ALL, foreign),
            queries().currentEventsBySlices("", 0, 1023, foreign))) {
      assertThat(reader.allAndFailure(source))
          .singleElement()
          .isInstanceOf(ForeignOffsetException.class);
    }
    restart();
    assertThat(events(current(ALL, FeedOffset.parse(offset)))).containsExactly("a:2");
  }

  @Test
  void anOffsetOfOneFilterIsGoodForAnother() {
    for (int i = 1; i <= 20; i++) {
      storeTagged("odd-and-even", i, i % 2 == 0 ? "even" : "odd");
    }
    FeedFilter odd = ALL.tag("odd");
    List<EventEnvelope<TestEvent>> found = current(odd, FeedOffset.beginning());
    assertThat(found).hasSize(10);
    assertThat(current(ALL, found.get(4).offset())).hasSize(11);
    assertThat(current(ALL.tag("even", "none"), found.get(4).offset())).hasSize(6);
  }

  @Test
  void choosesByCategoryEntityTypeSliceAndEventType() {
    store("order-1", 1, 3);
    store("order|1", 1, 2);
    store("orders-1", 1, 1);
    store("customer-1", 1, 1);
    assertThat(counts(current(ALL.category("order"), FeedOffset.beginning())))
        .isEqualTo(Map.of("order-1", 3, "order|1", 2));
    assertThat(counts(current(ALL.category("customer", "orders"), FeedOffset.beginning())))
        .isEqualTo(Map.of("orders-1", 1, "customer-1", 1));
    assertThat(
            counts(
                reader.all(
                    queries().currentEventsBySlices("order", 0, 1023, NoOffset.getInstance()))))
        .isEqualTo(Map.of("order|1", 2));
    assertThat(
            counts(
                reader.all(queries().currentEventsBySlices("", 0, 1023, NoOffset.getInstance()))))
        .isEqualTo(Map.of("order-1", 3, "orders-1", 1, "customer-1", 1));
    assertThat(current(ALL.eventType("no such type"), FeedOffset.beginning())).isEmpty();
    Map<String, Integer> all = new HashMap<>();
    queries()
        .sliceRanges(4)
        .forEach(
            range ->
                all.putAll(
                    counts(
                        current(
                            ALL.slices(range.first(), range.second()), FeedOffset.beginning()))));
    assertThat(all).hasSize(4);
  }

  @Test
  void slicesArePekkos() {
    for (String id : List.of("a", "order|17", "straße", "", "x".repeat(1000))) {
      assertThat(queries().sliceForPersistenceId(id))
          .isEqualTo(Persistence.get(journal.system()).sliceForPersistenceId(id));
    }
    assertThat(queries().sliceRanges(4))
        .isEqualTo(Persistence.get(journal.system()).getSliceRanges(4));
  }

  @Test
  void tagsAreChosenAsPekkoAsks() {
    storeTagged("tagged", 1, "red");
    storeTagged("tagged", 2, "red", "blue");
    storeTagged("tagged", 3, "blue");
    assertThat(reader.all(queries().currentEventsByTag("red", Offset.noOffset())))
        .extracting(org.apache.pekko.persistence.query.EventEnvelope::sequenceNr)
        .containsExactly(1L, 2L);
    assertThatThrownBy(() -> queries().eventsByTag("red", Offset.sequence(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Sequence");
  }

  @Test
  void deletedEventsAreNotDelivered() {
    store("shortened", 1, 5);
    store("shortened", 6, 5);
    journal.deleteTo("shortened", 7);
    assertThat(events(current(ALL, FeedOffset.beginning())))
        .containsExactly("shortened:8", "shortened:9", "shortened:10");
  }

  @Test
  void followsWhatIsWrittenHereAndElsewhere() {
    try (JournalSystem elsewhere = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      List<String> followed = new CopyOnWriteArrayList<>();
      KillSwitch stop = reader.follow(texts(FeedOffset.beginning()), followed);
      List<String> other = new CopyOnWriteArrayList<>();
      KillSwitch stopOther = reader.follow(texts(FeedOffset.beginning()), other);
      for (int i = 1; i <= 10; i++) {
        journal.store("here", i, "here-" + i);
        elsewhere.store("elsewhere", i, "elsewhere-" + i);
      }
      awaitSize(followed, 20);
      awaitSize(other, 20);
      assertThat(followed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(other);
      stop.shutdown();
      stopOther.shutdown();
    }
  }

  private Source<String, NotUsed> texts(Offset from) {
    return queries().<TestEvent>allEvents(ALL, from).map(envelope -> envelope.event().text());
  }

  private static void awaitSize(List<?> list, int size) {
    await().until(() -> list.size() >= size);
    assertThat(list).hasSize(size);
  }

  @Test
  void beginsNowOrSinceSomeTime() {
    store("early", 1, 3);
    restart();
    store("early-too", 1, 3);
    Instant time = Instant.now();
    List<String> followed = new CopyOnWriteArrayList<>();
    KillSwitch stop = reader.follow(texts(FeedOffset.now()), followed);
    // When that has begun is known by what it delivers first.
    int next = 1;
    while (followed.isEmpty()) {
      journal.store("late", next, "late-" + next);
      next++;
    }
    journal.store("late", next, "late-" + next);
    String last = "late-" + next;
    await().until(() -> followed.contains(last));
    assertThat(followed).allMatch(text -> text.startsWith("late"));
    stop.shutdown();
    assertThat(current(ALL, FeedOffset.since(time))).hasSize(next);
    assertThat(current(ALL, TimestampOffset.apply(time, Map$.MODULE$.empty()))).hasSize(next);
    assertThat(current(ALL, FeedOffset.since(Instant.EPOCH))).hasSize(6 + next);
    assertThat(current(ALL, FeedOffset.since(Instant.now().plusSeconds(3600)))).isEmpty();
  }

  /** As if the writer had died before its last marker. */
  @Test
  void asksTheStreamsOfALastRowThatStaysLast() {
    store("whole", 1, 3);
    store("lost", 1, 2);
    store("whole", 4, 3);
    UUID writer = writer("whole", 1);
    WriterLogs.awaitSettled(new CassandraStorage(journal.system()), writer);
    restart();
    removeMarker(writer);
    assertThat(counts(current(ALL, FeedOffset.beginning())))
        .isEqualTo(Map.of("whole", 6, "lost", 2));
    List<EventEnvelope<TestEvent>> all = current(ALL, FeedOffset.beginning());
    for (int i = 0; i < all.size(); i++) {
      assertThat(current(ALL, all.get(i).offset())).hasSize(all.size() - i - 1);
    }
  }

  private UUID writer(String id, long sequenceNr) {
    return StoredHeader.of(
            CASSANDRA
                .session()
                .execute(
                    "SELECT header FROM %s.events WHERE persistence_id = '%s' AND partition_nr = 0 AND seq_nr = %d"
                        .formatted(keyspace, id, sequenceNr))
                .one())
        .writer();
  }

  /** Also the writer's notice that its log has ended. */
  private void removeMarker(UUID writer) {
    CqlSession session = CASSANDRA.session();
    String log =
        " FROM %s.commit_log WHERE writer_id = %s AND bucket = 0".formatted(keyspace, writer);
    long marker =
        session
            .execute("SELECT position" + log + " ORDER BY position DESC LIMIT 1")
            .one()
            .getLong(0);
    session.execute("DELETE" + log + " AND position = " + marker);
    session.execute(
        "UPDATE %s.writers SET log_end = null, retired_at = null WHERE bucket = 0 AND number = 1"
            .formatted(keyspace));
  }

  @Test
  void offsetsAreSerializedAsTheirText() {
    store("one", 1, 3);
    Offset offset = current(ALL, FeedOffset.beginning()).get(1).offset();
    Serialization serialization = SerializationExtension.get(journal.system());
    byte[] bytes = serialization.serialize(offset).get();
    int serializer = serialization.findSerializerFor(offset).identifier();
    assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(offset.toString());
    assertThat(serialization.deserialize(bytes, serializer, "o").get()).isEqualTo(offset);
  }

  @Test
  void isRefusedWhereNothingIsLogged() {
    try (JournalSystem unlogged =
        JournalSystem.start(
            CASSANDRA, CASSANDRA.newKeyspaceName(), SETTINGS + "holdfast.journal.feed = off")) {
      assertThatThrownBy(() -> Reader.of(unlogged).journal().allEvents(ALL, Offset.noOffset()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("holdfast.journal.feed");
    }
  }

  @Test
  void manyWritersThatCameAndWent() {
    Set<String> ids = new HashSet<>();
    List<String> stored = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String id = "stream-" + i;
      ids.add(id);
      store(id, 1, 2);
      stored.add(id);
      restart();
    }
    assertThat(get(new CassandraStorage(journal.system()).readWriters(1)))
        .hasSize(12)
        .allMatch(w -> w.end().isPresent());
    assertThat(counts(current(ALL, FeedOffset.beginning())).keySet()).isEqualTo(ids);
    assertThat(
            current(ALL, FeedOffset.beginning()).stream()
                .map(EventEnvelope::persistenceId)
                .distinct())
        .containsExactlyElementsOf(stored);
  }
}
