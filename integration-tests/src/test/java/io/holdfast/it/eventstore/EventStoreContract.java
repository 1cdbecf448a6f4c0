// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.StreamClosedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.StreamInfo;
import io.holdfast.eventstore.decider.CommandHandler;
import io.holdfast.eventstore.decider.Decided;
import io.holdfast.eventstore.decider.Decider;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.ForeignOffsetException;
import io.holdfast.it.Seeds;
import io.holdfast.testkit.TestClock;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every event store does, whatever it is built on. Stores of one test share a clock, which
 * stands still.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EventStoreContract {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  /** The deduplication window, in events, that stores are to have. */
  static final int WINDOW = 10;

  static final Duration APPEND_TIMEOUT = Duration.ofMinutes(3);

  final TestClock clock = TestClock.at(NOW);
  private final String stream = "stream-" + UUID.randomUUID();
  private String s = stream;

  /** A store; the next time perhaps another one, on other nodes, of the same streams. */
  abstract EventStore store();

  /** Runs sources. */
  abstract ActorSystem<?> system();

  /** Makes the stores forget what they need not remember, as a restart does. */
  abstract void forget(String streamId);

  @BeforeEach
  void newStream() {
    s = "stream-" + UUID.randomUUID();
    clock.set(NOW);
  }

  private static NewEvent<String> event(String id) {
    return NewEvent.of("Told", "payload of " + id).withId(id);
  }

  private static List<NewEvent<String>> events(String... ids) {
    return java.util.stream.Stream.of(ids).map(EventStoreContract::event).toList();
  }

  private AppendOutcome tryAppend(ExpectedVersion expected, String... ids) {
    return get(
        store().tryAppend(AppendBatchInput.of(s, events(ids)).withExpectedVersion(expected)));
  }

  private void fill(int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(tryAppend(ExpectedVersion.any(), "e" + i))
          .isInstanceOf(AppendOutcome.Appended.class);
    }
  }

  private ReadStreamResult read() {
    return get(store().readStream(s));
  }

  private List<Long> versions() {
    return versions(read());
  }

  private static List<Long> versions(ReadStreamResult read) {
    return read.events().stream().map(StreamDomainEvent::version).toList();
  }

  private List<String> ids() {
    return read().events().stream().map(StreamDomainEvent::id).toList();
  }

  private static ConcurrencyException conflict(AppendOutcome outcome) {
    assertThat(outcome).isInstanceOf(AppendOutcome.Conflict.class);
    return ((AppendOutcome.Conflict) outcome).exception();
  }

  private static List<Long> storedVersions(
      AppendOutcome outcome, Class<? extends AppendOutcome.Stored> type) {
    assertThat(outcome).isInstanceOf(type);
    return ((AppendOutcome.Stored) outcome)
        .events().stream().map(StreamDomainEvent::version).toList();
  }

  // Arguments

  @Test
  @SuppressWarnings("NullAway")
  void namesAnArgumentThatIsNullInTheCall() {
    EventStore store = store();
    ReadConsistency owner = ReadConsistency.OWNER;
    AppendBatchInput none = AppendBatchInput.of(s, List.of());
    Map<ThrowingCallable, String> calls = new LinkedHashMap<>();
    calls.put(() -> store.append(null), "input");
    calls.put(() -> store.appendBatch(null), "input");
    calls.put(() -> store.tryAppend((AppendBatchInput) null), "input");
    calls.put(() -> store.tryAppend((AppendEventInput<?>) null), "input");
    calls.put(() -> AppendEventInput.of(null, event("a")), "streamId");
    calls.put(() -> AppendEventInput.of(s, null), "event");
    calls.put(() -> AppendBatchInput.of(null, List.of()), "streamId");
    calls.put(() -> AppendBatchInput.of(s, null), "events");
    calls.put(() -> AppendBatchInput.of(s, Collections.singletonList(null)), "events");
    calls.put(() -> none.withExpectedVersion(null), "expectedVersion");
    calls.put(() -> NewEvent.of("Told", null), "payload");
    calls.put(() -> event("a").withMetadata(null), "metadata");
    calls.put(() -> store.readStream(null), "streamId");
    calls.put(() -> store.readStream(s, null), "options");
    calls.put(() -> store.readLastEvent(null), "streamId");
    calls.put(() -> store.readLastEvent(s, null), "consistency");
    calls.put(() -> store.streamEvents(null, ReadStreamOptions.all()), "streamId");
    calls.put(() -> store.streamEvents(s, null), "options");
    calls.put(() -> store.subscribeToStream(null, 1), "streamId");
    calls.put(() -> store.subscribeAll(null, FeedOffset.beginning()), "filter");
    calls.put(() -> store.subscribeAll(FeedFilter.all(), null), "from");
    calls.put(() -> store.readAll(null, FeedOffset.beginning()), "filter");
    calls.put(() -> store.readAll(FeedFilter.all(), null), "from");
    calls.put(() -> store.getStreamVersion(null, owner), "streamId");
    calls.put(() -> store.getStreamVersion(s, null), "consistency");
    calls.put(() -> store.getStreamVersions(null), "streamIds");
    calls.put(() -> store.getStreamVersions(Collections.singletonList(null)), "streamIds");
    calls.put(() -> store.getStreamVersions(List.of(), null), "consistency");
    calls.put(() -> store.streamExists(null), "streamId");
    calls.put(() -> store.streamExists(s, null), "consistency");
    calls.put(() -> store.getStreamInfo(null), "streamId");
    calls.put(() -> store.getStreamInfo(s, null), "consistency");
    calls.put(() -> store.truncateStream(null, 1), "streamId");
    calls.put(() -> store.deleteStream(null), "streamId");
    calls.put(() -> store.deleteStream(s, null), "expectedVersion");
    calls.put(() -> store.closeStream(null), "streamId");
    calls.put(() -> store.closeStream(s, null), "expectedVersion");
    calls.put(() -> store.setStreamMetadata(null, StreamMetadata.none()), "streamId");
    calls.put(() -> store.setStreamMetadata(s, null), "metadata");
    calls.put(() -> FeedFilter.all().entityType(null), "type");
    calls.put(() -> FeedFilter.all().category((String) null), "category");
    calls.put(() -> FeedOffset.parse(null), "text");
    calls.put(() -> FeedOffset.since(null), "time");
    calls.forEach(
        (call, argument) ->
            assertThatNullPointerException().isThrownBy(call).withMessageContaining(argument));
  }

  // Expected versions

  @Test
  void appendsToANewStreamWhereNoneIsExpected() {
    conflict(tryAppend(ExpectedVersion.streamExists(), "a"));
    conflict(tryAppend(ExpectedVersion.exactly(1), "a"));
    assertThat(versions()).isEmpty();
    assertThat(
            storedVersions(
                tryAppend(ExpectedVersion.noStream(), "a"), AppendOutcome.Appended.class))
        .containsExactly(1L);
  }

  @Test
  void appendsToAnExistingStreamAtTheExpectedVersion() {
    fill(2);
    ConcurrencyException noStream = conflict(tryAppend(ExpectedVersion.noStream(), "x"));
    assertThat(noStream).hasMessageContaining(s).hasMessageContaining("not to exist");
    assertThat(noStream.expectedVersion()).isZero();
    assertThat(noStream.actualVersion()).isEqualTo(2);
    ConcurrencyException below = conflict(tryAppend(ExpectedVersion.exactly(1), "x"));
    assertThat(below.expectedVersion()).isEqualTo(1);
    assertThat(below.expected()).isEqualTo(ExpectedVersion.exactly(1));
    conflict(tryAppend(ExpectedVersion.exactly(3), "x"));
    assertThat(tryAppend(ExpectedVersion.exactly(2), "c"))
        .isInstanceOf(AppendOutcome.Appended.class);
    assertThat(tryAppend(ExpectedVersion.streamExists(), "d"))
        .isInstanceOf(AppendOutcome.Appended.class);
    assertThat(tryAppend(ExpectedVersion.any(), "e")).isInstanceOf(AppendOutcome.Appended.class);
    assertThat(ids()).containsExactly("e1", "e2", "c", "d", "e");
  }

  @Test
  void rejectsANegativeVersion() {
    for (long version : List.of(-1L, -4L, Long.MIN_VALUE, Long.MIN_VALUE + 1)) {
      assertThat(tryAppend(ExpectedVersion.exactly(version), "a"))
          .isInstanceOfSatisfying(
              AppendOutcome.Rejected.class,
              rejected -> assertThat(rejected.exception()).hasMessageContaining("" + version));
    }
    assertThat(get(store().streamExists(s))).isFalse();
  }

  @Test
  void answersAnEmptyBatchAfterTheCheck() {
    fill(1);
    conflict(tryAppend(ExpectedVersion.noStream()));
    assertThat(tryAppend(ExpectedVersion.exactly(1)))
        .isEqualTo(new AppendOutcome.Appended(List.of(), 1));
  }

  // Retries

  @Test
  void answersARepeatedAppendWithTheOriginalEvents() {
    EventMetadata first = EventMetadata.empty().withUserId("first");
    AppendBatchInput input =
        AppendBatchInput.of(
                s, List.of(event("a").withMetadata(first), event("b").withMetadata(first)))
            .withExpectedVersion(0);
    AppendBatchResult original = get(store().appendBatch(input));
    fill(3);
    clock.advance(Duration.ofDays(400));

    List<NewEvent<String>> again =
        events("a", "b").stream()
            .map(event -> event.withMetadata(EventMetadata.empty().withUserId("second")))
            .toList();
    for (ExpectedVersion expected :
        List.of(ExpectedVersion.exactly(0), ExpectedVersion.noStream())) {
      AppendOutcome repeated =
          get(store().tryAppend(AppendBatchInput.of(s, again).withExpectedVersion(expected)));
      assertThat(repeated).isEqualTo(new AppendOutcome.AlreadyAppended(original.events(), 2));
      forget(s);
    }
    assertThat(get(store().append(AppendEventInput.of(s, event("a")).withExpectedVersion(0))))
        .satisfies(
            result -> {
              assertThat(result.event()).isEqualTo(original.events().get(0));
              assertThat(result.currentVersion()).isEqualTo(1);
            });
    assertThat(ids()).containsExactly("a", "b", "e1", "e2", "e3");
  }

  @Test
  void answersARepeatedAppendToAnyVersionWithinTheWindow() {
    assertThat(tryAppend(ExpectedVersion.any(), "a", "b"))
        .isInstanceOf(AppendOutcome.Appended.class);
    clock.advance(APPEND_TIMEOUT.multipliedBy(2).plusMillis(1));
    for (int i = 0; i < WINDOW - 2; i++) {
      assertThat(tryAppend(ExpectedVersion.any(), "more-" + i))
          .isInstanceOf(AppendOutcome.Appended.class);
    }
    for (ExpectedVersion expected :
        List.of(ExpectedVersion.any(), ExpectedVersion.streamExists())) {
      assertThat(storedVersions(tryAppend(expected, "a", "b"), AppendOutcome.AlreadyAppended.class))
          .containsExactly(1L, 2L);
      forget(s);
      assertThat(storedVersions(tryAppend(expected, "a", "b"), AppendOutcome.AlreadyAppended.class))
          .containsExactly(1L, 2L);
    }
    assertThat(get(store().getStreamVersion(s))).isEqualTo(WINDOW);
  }

  @Test
  void knowsTheIdsOfAllEventsWithinTwiceTheAppendTimeout() {
    tryAppend(ExpectedVersion.any(), "a");
    clock.advance(APPEND_TIMEOUT.multipliedBy(2));
    fill(3 * WINDOW);
    assertThat(tryAppend(ExpectedVersion.any(), "a"))
        .isInstanceOf(AppendOutcome.AlreadyAppended.class);
    forget(s);
    assertThat(tryAppend(ExpectedVersion.any(), "a"))
        .isInstanceOf(AppendOutcome.AlreadyAppended.class);

    clock.advance(Duration.ofMillis(1));
    tryAppend(ExpectedVersion.any(), "later");
    assertThat(tryAppend(ExpectedVersion.any(), "a")).isInstanceOf(AppendOutcome.Appended.class);
  }

  @Test
  void refusesTheSameIdWithAnotherPayloadOrType() {
    fill(1);
    for (ExpectedVersion expected :
        List.of(ExpectedVersion.exactly(0), ExpectedVersion.any(), ExpectedVersion.noStream())) {
      for (NewEvent<?> other :
          List.of(
              NewEvent.of("Told", "another payload").withId("e1"),
              NewEvent.of("Other", 1).withId("e1"))) {
        AppendOutcome outcome =
            get(store().tryAppend(AppendEventInput.of(s, other).withExpectedVersion(expected)));
        assertThat(conflict(outcome))
            .hasMessageContaining("'e1'")
            .hasMessageContaining("version 1")
            .hasMessageContaining("another type or payload");
      }
    }
    assertThat(ids()).containsExactly("e1");
  }

  @Test
  void knowsAPayloadWhoseNamesStandInAnotherOrder() {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("a", Map.of("x", 1, "y", List.of(1, 2)));
    payload.put("b", new BigDecimal("1.50"));
    Map<String, Object> again = new LinkedHashMap<>();
    again.put("b", payload.get("b"));
    again.put("a", payload.get("a"));
    Map<String, Object> other = Map.of("a", Map.of("x", 1, "y", List.of(2, 1)), "b", 1.5);
    get(store().append(AppendEventInput.of(s, NewEvent.of("Mapped", payload).withId("e"))));
    assertThat(
            get(
                store()
                    .tryAppend(AppendEventInput.of(s, NewEvent.of("Mapped", again).withId("e")))))
        .isInstanceOf(AppendOutcome.AlreadyAppended.class);
    conflict(
        get(store().tryAppend(AppendEventInput.of(s, NewEvent.of("Mapped", other).withId("e")))));
    forget(s);
    assertThat(
            get(
                store()
                    .tryAppend(
                        AppendEventInput.of(s, NewEvent.of("Mapped", again).withId("e"))
                            .withExpectedVersion(0))))
        .isInstanceOf(AppendOutcome.AlreadyAppended.class);
  }

  @Test
  void readsWhateverItTakes() {
    Map<String, Object> payload = Map.of("n", BigDecimal.TEN.pow(2_000), "x".repeat(60_000), 1);
    EventMetadata metadata =
        EventMetadata.empty()
            .with("n", BigInteger.TEN.pow(2_000))
            .with("x".repeat(60_000), "y".repeat(100_000));
    get(
        store()
            .append(
                AppendEventInput.of(s, NewEvent.of("Counted", payload).withMetadata(metadata))));
    StreamDomainEvent<?> event = read().events().get(0);
    assertThat(((JsonNode) event.payload()).get("n").decimalValue())
        .isEqualByComparingTo(BigDecimal.TEN.pow(2_000));
    assertThat(event.metadata()).isEqualTo(metadata);
  }

  @Test
  void rejectsTextsThatAreNotUnicode() {
    String half = "a\uD800b";
    for (NewEvent<?> event :
        List.of(
            NewEvent.of(half, 1),
            NewEvent.of("Told", "x").withId(half),
            NewEvent.of("Told", half),
            NewEvent.of("Mapped", Map.of(half, "x")),
            NewEvent.of("Told", "x").withMetadata(EventMetadata.empty().with("x", half)),
            NewEvent.of("Told", "x").withMetadata(EventMetadata.empty().with(half, "x")),
            NewEvent.of("Told", "x").withMetadata(EventMetadata.empty().withUserId(half)))) {
      assertThat(get(store().tryAppend(AppendEventInput.of(s, event))))
          .isInstanceOfSatisfying(
              AppendOutcome.Rejected.class,
              rejected -> assertThat(rejected.exception()).hasMessageContaining("surrogate pair"));
    }
    assertThat(get(store().streamExists(s))).isFalse();
  }

  @Test
  void refusesABatchOfWhichAPartIsStored() {
    fill(2);
    for (ExpectedVersion expected :
        List.of(ExpectedVersion.exactly(0), ExpectedVersion.any(), ExpectedVersion.noStream())) {
      assertThat(conflict(tryAppend(expected, "e1", "e2", "new")))
          .hasMessageContaining("2 of the 3 events");
      assertThat(conflict(tryAppend(expected, "e1", "new"))).hasMessageContaining("1 of the 2");
      conflict(tryAppend(expected, "new", "e1"));
      conflict(tryAppend(expected, "e2", "e1"));
    }
    conflict(tryAppend(ExpectedVersion.exactly(1), "e2", "new"));
    assertThat(ids()).containsExactly("e1", "e2");
  }

  @Test
  void doesNotStoreAnIdAgainAtTheExpectedVersion() {
    fill(3);
    assertThat(conflict(tryAppend(ExpectedVersion.exactly(3), "e2")))
        .hasMessageContaining("'e2'")
        .hasMessageContaining("version 2");
    conflict(tryAppend(ExpectedVersion.exactly(3), "new", "e3"));
    forget(s);
    conflict(tryAppend(ExpectedVersion.exactly(3), "e1", "e2", "e3"));
    assertThat(ids()).containsExactly("e1", "e2", "e3");
  }

  @Test
  void rejectsABatchWithOneIdTwice() {
    assertThat(tryAppend(ExpectedVersion.any(), "a", "b", "a"))
        .isInstanceOfSatisfying(
            AppendOutcome.Rejected.class,
            rejected -> assertThat(rejected.exception()).hasMessageContaining("'a'"));
    assertThat(get(store().streamExists(s))).isFalse();
  }

  @Test
  void storesConcurrentRepetitionsOnce() {
    List<CompletionStage<AppendOutcome>> outcomes =
        IntStream.range(0, 20)
            .mapToObj(i -> store().tryAppend(AppendBatchInput.of(s, events("a", "b"))))
            .toList();
    assertThat(outcomes.stream().map(outcome -> get(outcome)).toList())
        .allMatch(AppendOutcome.Stored.class::isInstance)
        .filteredOn(AppendOutcome.Appended.class::isInstance)
        .hasSize(1);
    assertThat(ids()).containsExactly("a", "b");
  }

  // Reading

  @Test
  void readsTheLastEventAndManyVersions() {
    assertThat(get(store().readLastEvent(s))).isEmpty();
    fill(3);
    assertThat(get(store().readLastEvent(s)))
        .hasValueSatisfying(event -> assertThat(event.id()).isEqualTo("e3"));
    String none = s + "-none";
    Map<String, Long> versions = get(store().getStreamVersions(List.of(none, s, none)));
    assertThat(versions).containsExactly(Map.entry(none, 0L), Map.entry(s, 3L));
    failure(store().getStreamVersions(List.of(s, "")), RejectedException.class);
  }

  @Test
  void readsManyVersions() {
    List<String> many = IntStream.range(0, 200).mapToObj(i -> s + "-" + i).toList();
    get(store().append(AppendEventInput.of(many.get(150), event("a"))));
    Map<String, Long> versions = get(store().getStreamVersions(many, ReadConsistency.LINEARIZABLE));
    assertThat(versions.keySet()).containsExactlyElementsOf(many);
    assertThat(versions.get(many.get(150))).isEqualTo(1);
    assertThat(versions.values().stream().mapToLong(v -> v).sum()).isEqualTo(1);
  }

  @Test
  void streamsEventsForwardsAndBackwards() {
    fill(12);
    ReadStreamOptions range = ReadStreamOptions.all().fromVersion(3).toVersion(11);
    assertThat(streamed(range))
        .containsExactlyElementsOf(LongStream.rangeClosed(3, 11).boxed().toList());
    assertThat(streamed(range.reversed().limit(3))).containsExactly(11L, 10L, 9L);
  }

  private List<Long> streamed(ReadStreamOptions options) {
    return get(
        store()
            .streamEvents(s, options)
            .map(StreamDomainEvent::version)
            .runWith(Sink.seq(), system()));
  }

  @Test
  void subscribesToWhatIsThereAndWhatComes() {
    fill(5);
    CompletionStage<List<Long>> all = subscribe(1, 12);
    CompletionStage<List<Long>> resumed = subscribe(4, 9);
    CompletionStage<List<Long>> later = subscribe(8, 5);
    IntStream.rangeClosed(6, 12).forEach(i -> tryAppend(ExpectedVersion.any(), "f" + i));
    assertThat(get(all)).containsExactlyElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
    assertThat(get(resumed))
        .containsExactlyElementsOf(LongStream.rangeClosed(4, 12).boxed().toList());
    assertThat(get(later)).containsExactly(8L, 9L, 10L, 11L, 12L);
  }

  @Test
  void subscribesToAStreamThatDoesNotExistYet() {
    CompletionStage<List<Long>> events = subscribe(1, 2);
    fill(2);
    assertThat(get(events)).containsExactly(1L, 2L);
  }

  @Test
  void refusesToSubscribeFromBelowTheFirstVersion() {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> get(subscribe(0, 1)))
        .withMessageContaining("fromVersion 0");
  }

  private CompletionStage<List<Long>> subscribe(long fromVersion, int count) {
    return store()
        .subscribeToStream(s, fromVersion)
        .map(StreamDomainEvent::version)
        .take(count)
        .runWith(Sink.seq(), system());
  }

  // The feed

  /** Streams of a test have its one as their category. */
  private FeedFilter ofThisTest() {
    return FeedFilter.all().category(s);
  }

  private void append(String suffix, String... ids) {
    get(store().appendBatch(AppendBatchInput.of(s + "-" + suffix, events(ids))));
  }

  private static String place(FeedEvent item) {
    String stream = item.event().streamId();
    return stream.substring(stream.lastIndexOf('-') + 1) + item.event().version();
  }

  private List<FeedEvent> readAll(FeedFilter filter, FeedOffset from) {
    return get(store().readAll(filter, from).runWith(Sink.seq(), system()));
  }

  private CompletionStage<List<FeedEvent>> subscribeAll(
      FeedFilter filter, FeedOffset from, int count) {
    return store().subscribeAll(filter, from).take(count).runWith(Sink.seq(), system());
  }

  /** The same events, each stream's in their order. */
  private static void assertSame(List<FeedEvent> items, String... places) {
    assertThat(items).extracting(EventStoreContract::place).containsExactlyInAnyOrder(places);
    Map<String, Long> versions = new HashMap<>();
    for (FeedEvent item : items) {
      Long before = versions.put(item.event().streamId(), item.event().version());
      assertThat(item.event().version()).isGreaterThan(before == null ? 0 : before);
    }
  }

  @Test
  void readsAllStreamsFromAnyPlace() {
    append("a", "1", "2");
    append("b", "3");
    append("a", "4");
    append("c", "5", "6", "7");
    List<FeedEvent> all = readAll(ofThisTest(), FeedOffset.beginning());
    assertSame(all, "a1", "a2", "a3", "b1", "c1", "c2", "c3");
    assertThat(all.get(0).event().payload()).isInstanceOf(String.class);
    for (int i = 0; i < all.size(); i++) {
      FeedOffset offset = FeedOffset.parse(all.get(i).offset().toString());
      assertThat(readAll(ofThisTest(), offset)).hasSize(all.size() - 1 - i);
    }
    assertThat(readAll(ofThisTest().eventType("Told"), FeedOffset.beginning())).hasSize(7);
    assertThat(readAll(ofThisTest().eventType("Untold"), FeedOffset.beginning())).isEmpty();
    assertThat(readAll(ofThisTest().tag("none"), FeedOffset.beginning())).isEmpty();
    assertThat(readAll(ofThisTest(), FeedOffset.now())).isEmpty();
    FeedFilter half = ofThisTest().slices(0, 511);
    FeedFilter rest = ofThisTest().slices(512, 1023);
    assertThat(
            readAll(half, FeedOffset.beginning()).size()
                + readAll(rest, FeedOffset.beginning()).size())
        .isEqualTo(7);
  }

  @Test
  void refusesAnOffsetOfAnotherStore() {
    append("a", "1", "2");
    List<FeedEvent> all = readAll(ofThisTest(), FeedOffset.beginning());
    String here = all.get(0).offset().toString();
    FeedOffset foreign = FeedOffset.parse((here.charAt(0) == '0' ? "1" : "0") + here.substring(1));
    for (CompletionStage<?> read :
        List.of(
            store().findOffset(foreign),
            store().readAll(ofThisTest(), foreign).runWith(Sink.seq(), system()),
            subscribeAll(ofThisTest(), foreign, 1))) {
      RejectedException refused = failure(read, RejectedException.class);
      assertThat(refused).hasMessageContainingAll(foreign.toString(), here.substring(0, 16));
      assertThat(refused.getCause())
          .isInstanceOfSatisfying(
              ForeignOffsetException.class, cause -> assertThat(cause.offset()).isEqualTo(foreign));
    }
    // Earlier builds did not say whose they are.
    assertThat(readAll(ofThisTest(), FeedOffset.parse(here.substring(17)))).hasSize(1);
  }

  @Test
  void findsOffsetsOnce() {
    append("a", "1");
    FeedOffset now = get(store().findOffset(FeedOffset.now()));
    append("a", "2", "3");
    List<FeedEvent> later = readAll(ofThisTest(), now);
    assertSame(later, "a2", "a3");
    FeedOffset second = later.get(0).offset();
    assertThat(get(store().findOffset(second))).isEqualTo(second);
    assertThat(get(store().findOffset(FeedOffset.beginning()))).isEqualTo(FeedOffset.beginning());
  }

  @Test
  void subscribesToAllStreams() {
    append("a", "1");
    CompletionStage<List<FeedEvent>> all = subscribeAll(ofThisTest(), FeedOffset.beginning(), 5);
    append("b", "2", "3");
    append("a", "4", "5");
    assertSame(get(all), "a1", "a2", "a3", "b1", "b2");
    FeedOffset end = get(all).get(4).offset();
    CompletionStage<List<FeedEvent>> later = subscribeAll(ofThisTest(), end, 2);
    append("c", "6", "7");
    assertSame(get(later), "c1", "c2");
  }

  @Test
  void theFeedLeavesOutWhatIsDeleted() {
    append("a", "1", "2", "3");
    append("b", "4", "5");
    get(store().truncateStream(s + "-a", 3));
    get(store().deleteStream(s + "-b"));
    append("b", "6");
    assertSame(readAll(ofThisTest(), FeedOffset.beginning()), "a3", "b3");
    assertSame(get(subscribeAll(ofThisTest(), FeedOffset.beginning(), 2)), "a3", "b3");
  }

  @Test
  void theFeedGoesOnWithStreamsThatWereForgotten() {
    List<String> places = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      append("a", "a" + i);
      append("b", "b" + i);
      places.addAll(List.of("a" + i, "b" + i));
      forget(s + "-a");
    }
    assertSame(readAll(ofThisTest(), FeedOffset.beginning()), places.toArray(String[]::new));
  }

  // Lifecycle

  @Test
  void truncatesAStream() {
    fill(9);
    StreamInfo info = get(store().truncateStream(s, 4));
    assertThat(info).isEqualTo(new StreamInfo(s, 9, 4, false, StreamMetadata.none()));
    assertThat(versions()).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(get(store().truncateStream(s, 2)).firstVersion()).isEqualTo(4);
    forget(s);
    assertThat(versions()).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(versions(get(store().readStream(s, ReadStreamOptions.all().toVersion(5)))))
        .containsExactly(4L, 5L);
    assertThat(get(subscribe(1, 2))).containsExactly(4L, 5L);
    assertThat(tryAppend(ExpectedVersion.exactly(9), "next"))
        .isInstanceOf(AppendOutcome.Appended.class);
    failure(store().truncateStream(s, 0), RejectedException.class);
  }

  @Test
  void goesOnInItsNumberingAfterADeletion() {
    fill(3);
    failure(store().deleteStream(s, ExpectedVersion.exactly(2)), ConcurrencyException.class);
    assertThat(versions()).hasSize(3);
    get(store().deleteStream(s, ExpectedVersion.exactly(3)));
    assertThat(versions()).isEmpty();
    assertThat(get(store().readLastEvent(s))).isEmpty();
    assertThat(get(store().streamExists(s))).isFalse();
    assertThat(get(store().getStreamVersion(s))).isEqualTo(3);
    forget(s);
    conflict(tryAppend(ExpectedVersion.streamExists(), "a"));
    conflict(tryAppend(ExpectedVersion.exactly(0), "a"));
    assertThat(
            storedVersions(
                tryAppend(ExpectedVersion.noStream(), "a", "b"), AppendOutcome.Appended.class))
        .containsExactly(4L, 5L);
    assertThat(
            storedVersions(
                tryAppend(ExpectedVersion.noStream(), "a", "b"),
                AppendOutcome.AlreadyAppended.class))
        .containsExactly(4L, 5L);
    assertThat(ids()).containsExactly("a", "b");
  }

  @Test
  void deletesNothingOfAStreamThatDoesNotExist() {
    assertThat(get(store().deleteStream(s)).version()).isZero();
    failure(store().deleteStream(s, ExpectedVersion.streamExists()), ConcurrencyException.class);
    assertThat(tryAppend(ExpectedVersion.exactly(0), "a"))
        .isInstanceOf(AppendOutcome.Appended.class);
  }

  @Test
  void closesAStreamForGood() {
    fill(2);
    failure(store().closeStream(s, ExpectedVersion.noStream()), ConcurrencyException.class);
    assertThat(get(store().closeStream(s)).closed()).isTrue();
    forget(s);
    for (ExpectedVersion expected :
        List.of(ExpectedVersion.any(), ExpectedVersion.exactly(2), ExpectedVersion.exactly(1))) {
      assertThat(tryAppend(expected, "x"))
          .isInstanceOfSatisfying(
              AppendOutcome.Rejected.class,
              rejected ->
                  assertThat(rejected.exception()).isInstanceOf(StreamClosedException.class));
    }
    failure(
        store().append(AppendEventInput.of(s, "Told", "without an id")),
        StreamClosedException.class);
    // What was stored before is no append.
    assertThat(tryAppend(ExpectedVersion.exactly(1), "e2"))
        .isInstanceOf(AppendOutcome.AlreadyAppended.class);
    assertThat(ids()).containsExactly("e1", "e2");
    get(store().closeStream(s));
    get(store().deleteStream(s));
    assertThat(get(store().getStreamInfo(s)))
        .isEqualTo(new StreamInfo(s, 2, 3, true, StreamMetadata.none()));
    failure(store().append(AppendEventInput.of(s, "Told", "deleted")), StreamClosedException.class);
  }

  @Test
  void closesAStreamThatDoesNotExist() {
    get(store().closeStream(s, ExpectedVersion.noStream()));
    forget(s);
    failure(store().append(AppendEventInput.of(s, "Told", "x")), StreamClosedException.class);
    assertThat(get(store().streamExists(s))).isFalse();
  }

  @Test
  void keepsNoMoreEventsThanItsMetadataSays() {
    fill(9);
    StreamMetadata metadata = StreamMetadata.none().withMaxCount(3);
    assertThat(get(store().setStreamMetadata(s, metadata)).metadata()).isEqualTo(metadata);
    assertThat(versions()).containsExactly(7L, 8L, 9L);
    tryAppend(ExpectedVersion.any(), "next");
    forget(s);
    assertThat(versions()).containsExactly(8L, 9L, 10L);
    assertThat(streamed(ReadStreamOptions.all().reversed())).containsExactly(10L, 9L, 8L);
    assertThat(get(subscribe(1, 3))).containsExactly(8L, 9L, 10L);
    assertThat(get(store().getStreamInfo(s)).firstVersion()).isEqualTo(8);
    assertThat(get(store().getStreamInfo(s)).metadata()).isEqualTo(metadata);
  }

  @Test
  void knowsABatchOfWhichTheStreamKeepsTheLastEventsAlone() {
    get(store().setStreamMetadata(s, StreamMetadata.none().withMaxCount(2)));
    for (ExpectedVersion first : List.of(ExpectedVersion.any(), ExpectedVersion.noStream())) {
      get(store().deleteStream(s));
      long before = get(store().getStreamVersion(s));
      String[] ids = IntStream.range(0, 5).mapToObj(i -> before + "/" + i).toArray(String[]::new);
      AppendOutcome.Appended appended = (AppendOutcome.Appended) tryAppend(first, ids);
      for (ExpectedVersion again :
          List.of(
              ExpectedVersion.exactly(before), ExpectedVersion.any(), ExpectedVersion.noStream())) {
        assertThat(tryAppend(again, ids))
            .isEqualTo(new AppendOutcome.AlreadyAppended(appended.events(), before + 5));
        forget(s);
        assertThat(tryAppend(again, ids))
            .isEqualTo(new AppendOutcome.AlreadyAppended(appended.events(), before + 5));
      }
      conflict(tryAppend(ExpectedVersion.exactly(before + 1), ids));
      assertThat(ids()).containsExactly(ids[3], ids[4]);
    }
    String[] truncated = {"x", "y"};
    tryAppend(ExpectedVersion.exactly(10), truncated);
    get(store().truncateStream(s, 12));
    assertThat(
            storedVersions(
                tryAppend(ExpectedVersion.exactly(10), truncated),
                AppendOutcome.AlreadyAppended.class))
        .containsExactly(11L, 12L);
    get(store().truncateStream(s, 13));
    conflict(tryAppend(ExpectedVersion.exactly(10), truncated));
    tryAppend(ExpectedVersion.exactly(12), "third");
    tryAppend(ExpectedVersion.exactly(13), "second");
    for (ExpectedVersion expected :
        List.of(ExpectedVersion.any(), ExpectedVersion.noStream(), ExpectedVersion.exactly(10))) {
      conflict(tryAppend(expected, "first", "second", "third"));
    }
  }

  @Test
  void keepsEventsNoLongerThanItsMetadataSays() {
    get(store().setStreamMetadata(s, StreamMetadata.none().withMaxAge(Duration.ofMinutes(10))));
    fill(4);
    clock.advance(Duration.ofMinutes(7));
    tryAppend(ExpectedVersion.any(), "younger");
    assertThat(versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
    clock.advance(Duration.ofMinutes(3));
    assertThat(versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
    clock.advance(Duration.ofMillis(1));
    assertThat(versions()).containsExactly(5L);
    assertThat(versions(get(store().readStream(s, ReadStreamOptions.all().limit(1)))))
        .containsExactly(5L);
    assertThat(streamed(ReadStreamOptions.all())).containsExactly(5L);
    assertThat(get(subscribe(1, 1))).containsExactly(5L);
    forget(s);
    assertThat(versions()).containsExactly(5L);
    clock.advance(Duration.ofMinutes(8));
    assertThat(versions()).isEmpty();
    assertThat(get(store().readLastEvent(s))).isEmpty();
    assertThat(get(store().getStreamVersion(s))).isEqualTo(5);
    assertThat(
            storedVersions(
                tryAppend(ExpectedVersion.exactly(5), "again"), AppendOutcome.Appended.class))
        .containsExactly(6L);
  }

  // Types, causes, aggregates, tracing

  @Test
  void readsTypesThatAreNotRegisteredAsJson() {
    get(store().append(AppendEventInput.of(s, "NeverSeen", Map.of("a", List.of(1, 2)))));
    assertThat(read().events().get(0).payloadAs(JsonNode.class))
        .isEqualTo(JsonNodeFactory.instance.objectNode().set("a", numbers(1, 2)));
  }

  private static ArrayNode numbers(int... numbers) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    IntStream.of(numbers).forEach(array::add);
    return array;
  }

  @Test
  void convertsSplitsAndDropsEventsOfEarlierTypes() {
    for (String old : List.of("Renamed", "Split", "Dropped", "Told")) {
      get(store().append(AppendEventInput.of(s, old, "text")));
    }
    assertThat(read().events())
        .extracting(e -> e.version() + " " + e.type() + " " + e.payload())
        .containsExactly("1 Told text", "2 Told text", "2 Told again", "4 Told text");
    assertThat(streamed(ReadStreamOptions.all())).containsExactly(1L, 2L, 2L, 4L);
    assertThat(get(subscribe(1, 4))).containsExactly(1L, 2L, 2L, 4L);
  }

  @Test
  void keepsWhatCausedAnEvent() {
    get(store().append(AppendEventInput.of(s, event("cause"))));
    StreamDomainEvent<?> cause = read().events().get(0);
    get(
        store()
            .append(
                AppendEventInput.of(
                    s, event("effect").withMetadata(EventMetadata.causedBy(cause)))));
    assertThat(read().events().get(1).metadata())
        .isEqualTo(EventMetadata.empty().withCausationId("cause").withCorrelationId("cause"));
  }

  @Test
  void handlesCommandsOfOneAggregateOnce() {
    Decider<String, List<String>, String> words =
        new Decider<>() {
          @Override
          public List<String> initialState() {
            return List.of();
          }

          @Override
          public List<String> decide(String command, List<String> state) {
            return state.contains(command) ? List.of() : List.of(command);
          }

          @Override
          public List<String> evolve(List<String> state, String event) {
            List<String> next = new ArrayList<>(state);
            next.add(event);
            return next;
          }
        };
    CommandHandler<String, List<String>, String> handler =
        CommandHandler.of(store(), words, String.class).withMaxAttempts(100);
    List<CompletionStage<Decided<List<String>, String>>> handled =
        IntStream.range(0, 20).mapToObj(i -> handler.handle(s, "word " + i % 5)).toList();
    handled.forEach(stage -> get(stage));
    assertThat(versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
    get(store().deleteStream(s));
    assertThat(get(handler.handle(s, "word 1")).version()).isEqualTo(6);
  }

  // Everything together

  @Test
  void behavesAsTheModelInRandomPrograms() {
    Random random = new Random(Seeds.next());
    for (int program = 0; program < 10; program++) {
      newStream();
      StreamModel model = new StreamModel();
      List<String> trace = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        take(random, model, trace);
      }
    }
  }

  private void take(Random random, StreamModel model, List<String> trace) {
    int choice = random.nextInt(100);
    if (choice < 60) {
      StreamModel.Append append = model.draw(random);
      trace.add(append.toString());
      AppendBatchInput input =
          AppendBatchInput.of(
                  s,
                  append.events().stream()
                      .map(e -> NewEvent.of("Told", e.payload()).withId(e.id()))
                      .toList())
              .withExpectedVersion(append.expected());
      StreamModel.Outcome expected = model.append(append);
      AppendOutcome outcome = get(store().tryAppend(input));
      assertThat(StreamModel.Outcome.of(outcome)).as("%s", trace).isEqualTo(expected);
    } else if (choice < 65) {
      long before = 1L + random.nextInt((int) model.version() + 2);
      trace.add("truncate before " + before);
      model.deleteTo(before - 1);
      get(store().truncateStream(s, before));
    } else if (choice < 67) {
      trace.add("delete");
      model.deleteTo(model.version());
      get(store().deleteStream(s));
    } else if (choice < 68) {
      trace.add("close");
      model.close();
      get(store().closeStream(s));
    } else if (choice < 72) {
      int maxCount = 1 + random.nextInt(12);
      trace.add("keep " + maxCount);
      model.keep(maxCount);
      get(store().setStreamMetadata(s, StreamMetadata.none().withMaxCount(maxCount)));
    } else if (choice < 76) {
      trace.add("forget");
      forget(s);
    } else {
      boolean reverse = random.nextBoolean();
      ReadStreamOptions all = ReadStreamOptions.all();
      ReadStreamResult read = get(store().readStream(s, reverse ? all.reversed() : all));
      assertThat(
              read.events().stream()
                  .map(e -> e.version() + " " + e.id() + " " + e.payload())
                  .toList())
          .as("%s", trace)
          .isEqualTo(model.read(reverse));
      assertThat(read.currentVersion()).isEqualTo(model.version());
    }
  }

  @Test
  void isReadyOnceAppendsSucceed() {
    get(store().ready());
  }
}
