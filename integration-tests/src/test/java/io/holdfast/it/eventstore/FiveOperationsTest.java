// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendResult;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.it.StoredHeader;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every sentence of the five operations, asked on another node than the one that hosts the stream
 * about half of the time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FiveOperationsTest {
  sealed interface Happening {}

  record Opened(String name, int size, List<String> tags) implements Happening {}

  record Closed(Instant at, BigDecimal amount) implements Happening {}

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final int PARTITION_SIZE = 7;
  private static final int MAX_READ_EVENTS = 40;

  private final AtomicInteger ids = new AtomicInteger();
  private TestCluster cluster;
  private EventStore store;
  private EventStore other;

  @BeforeAll
  void start() {
    String settings =
        """
        holdfast.cassandra.partition-size = %d
        holdfast.event-store {
          max-read-events = %d
          read-page-size = 5
          max-event-bytes = 20000
          max-batch-bytes = 50000
          max-id-length = 100
        }
        """
            .formatted(PARTITION_SIZE, MAX_READ_EVENTS);
    cluster =
        TestCluster.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            2,
            settings,
            builder ->
                builder
                    .serializer(JsonEventSerializer.builder().register(Happening.class).build())
                    .idGenerator(() -> "generated-" + ids.incrementAndGet())
                    .clock(InstantSource.fixed(NOW)));
    store = cluster.store(0);
    other = cluster.store(1);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static String newStream() {
    return "stream-" + UUID.randomUUID();
  }

  private static NewEvent<Opened> opened(String name) {
    return NewEvent.of(new Opened(name, name.length(), List.of("a", "b")));
  }

  private static List<NewEvent<Opened>> events(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> opened("event " + i)).toList();
  }

  private void fill(String stream, int count) {
    for (int done = 0; done < count; done += PARTITION_SIZE) {
      List<NewEvent<Opened>> batch = events(Math.min(PARTITION_SIZE, count - done));
      get(store.appendBatch(AppendBatchInput.of(stream, batch)));
    }
  }

  private static List<Long> versions(ReadStreamResult read) {
    return read.events().stream().map(StreamDomainEvent::version).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void appendsOneEventAndReturnsItAsItIsStored() {
    String stream = newStream();
    EventMetadata metadata =
        EventMetadata.empty()
            .withCausationId("cause")
            .withCorrelationId("conversation")
            .withUserId("ann")
            .with("attempt", 3)
            .with("ratio", new BigDecimal("0.25"))
            .with("source", Map.of("ip", "127.0.0.1", "ports", List.of(1, 2)));

    AppendResult<Opened> result =
        get(
            store.append(
                AppendEventInput.of(stream, opened("first").withMetadata(metadata))
                    .withExpectedVersion(0)));

    assertThat(result.currentVersion()).isEqualTo(1);
    StreamDomainEvent<Opened> event = result.event();
    assertThat(event.id()).startsWith("generated-");
    assertThat(event.streamId()).isEqualTo(stream);
    assertThat(event.type()).isEqualTo("Opened");
    assertThat(event.version()).isEqualTo(1);
    assertThat(event.timestamp()).isEqualTo(NOW.toEpochMilli());
    assertThat(event.metadata()).isEqualTo(metadata);
    assertThat(get(other.readStream(stream)).events()).isEqualTo(List.of(event));
  }

  @Test
  void numbersVersionsWithoutGapsWhateverTheNodeAndTheOperation() {
    String stream = newStream();
    assertThat(get(store.append(AppendEventInput.of(stream, opened("a")))).currentVersion())
        .isEqualTo(1);
    assertThat(get(other.append(AppendEventInput.of(stream, opened("b")))).currentVersion())
        .isEqualTo(2);
    assertThat(get(other.appendBatch(AppendBatchInput.of(stream, events(3)))).currentVersion())
        .isEqualTo(5);
    assertThat(get(store.append(AppendEventInput.of(stream, opened("c")))).currentVersion())
        .isEqualTo(6);
    assertThat(versions(get(store.readStream(stream)))).isEqualTo(range(1, 6));
  }

  @Test
  void refusesAnAppendWithAStaleExpectedVersionAndWritesNothing() {
    String stream = newStream();
    fill(stream, 2);

    ConcurrencyException conflict =
        failure(
            other.append(AppendEventInput.of(stream, opened("late")).withExpectedVersion(1)),
            ConcurrencyException.class);

    assertThat(conflict.streamId()).isEqualTo(stream);
    assertThat(conflict.expectedVersion()).isEqualTo(1);
    assertThat(conflict.actualVersion()).isEqualTo(2);
    assertThat(conflict).hasMessageContaining(stream).hasMessageContaining("version 1");
    assertThat(conflict).hasMessageContaining("version 2");
    assertThat(get(store.getStreamVersion(stream))).isEqualTo(2);
    assertThat(versions(get(store.readStream(stream)))).isEqualTo(range(1, 2));
  }

  @Test
  void refusesToCreateAStreamThatExistsAndToExtendOneThatDoesNot() {
    String stream = newStream();
    assertThat(
            failure(
                    store.append(AppendEventInput.of(stream, opened("x")).withExpectedVersion(1)),
                    ConcurrencyException.class)
                .actualVersion())
        .isZero();
    get(store.append(AppendEventInput.of(stream, opened("x")).withExpectedVersion(0)));
    assertThat(
            failure(
                    store.append(AppendEventInput.of(stream, opened("x")).withExpectedVersion(0)),
                    ConcurrencyException.class)
                .actualVersion())
        .isEqualTo(1);
  }

  @Test
  void appendsABatchInOrderInOneWrite() {
    String stream = newStream();
    List<NewEvent<?>> batch =
        List.of(
            opened("one").withId("id-1"),
            NewEvent.of("Renamed", Map.of("to", "two")),
            NewEvent.of(new Closed(NOW, new BigDecimal("12.50"))));

    AppendBatchResult result =
        get(store.appendBatch(AppendBatchInput.of(stream, batch).withExpectedVersion(0)));

    assertThat(result.currentVersion()).isEqualTo(3);
    assertThat(result.events()).extracting(StreamDomainEvent::version).containsExactly(1L, 2L, 3L);
    assertThat(result.events().get(0).id()).isEqualTo("id-1");
    List<StreamDomainEvent<?>> read = get(other.readStream(stream)).events();
    assertThat(read)
        .extracting(StreamDomainEvent::id)
        .isEqualTo(result.events().stream().map(StreamDomainEvent::id).toList());
    assertThat(read)
        .extracting(StreamDomainEvent::type)
        .containsExactly("Opened", "Renamed", "Closed");
    assertThat(read.get(0).payload()).isEqualTo(new Opened("one", 3, List.of("a", "b")));
    assertThat(((JsonNode) read.get(1).payload()).get("to").asText()).isEqualTo("two");
    assertThat(read.get(2).payload()).isEqualTo(new Closed(NOW, new BigDecimal("12.50")));
  }

  @Test
  void writesNothingOfABatchThatConflicts() {
    String stream = newStream();
    fill(stream, 1);
    failure(
        store.appendBatch(AppendBatchInput.of(stream, events(5)).withExpectedVersion(0)),
        ConcurrencyException.class);
    assertThat(get(store.getStreamVersion(stream))).isEqualTo(1);
  }

  @Test
  void writesNothingOfABatchWithOneBadEvent() {
    String stream = newStream();
    List<NewEvent<?>> batch =
        List.of(opened("good"), NewEvent.of("", "a type must not be empty"), opened("good"));
    RejectedException rejected =
        failure(store.appendBatch(AppendBatchInput.of(stream, batch)), RejectedException.class);
    assertThat(rejected).hasMessageContaining("event type is empty");
    assertThat(get(store.streamExists(stream))).isFalse();
  }

  @Test
  void answersAnEmptyBatchWithTheVersionAfterTheCheck() {
    String stream = newStream();
    AppendBatchInput empty = AppendBatchInput.of(stream, List.of());
    AppendBatchResult none = get(store.appendBatch(empty.withExpectedVersion(0)));
    assertThat(none.events()).isEmpty();
    assertThat(none.currentVersion()).isZero();
    assertThat(get(store.streamExists(stream))).isFalse();

    fill(stream, 2);
    assertThat(get(store.appendBatch(empty)).currentVersion()).isEqualTo(2);
    assertThat(get(other.appendBatch(empty.withExpectedVersion(2))).currentVersion()).isEqualTo(2);
    assertThat(
            failure(store.appendBatch(empty.withExpectedVersion(1)), ConcurrencyException.class)
                .actualVersion())
        .isEqualTo(2);
    assertThat(get(store.getStreamVersion(stream))).isEqualTo(2);
  }

  @Test
  void readsInclusiveRangesAcrossPartitionsBothWays() {
    String stream = newStream();
    int count = 3 * PARTITION_SIZE + 2;
    fill(stream, count);
    ReadStreamOptions all = ReadStreamOptions.all();
    for (int from = 1; from <= count + 1; from++) {
      for (int to : new int[] {1, PARTITION_SIZE, PARTITION_SIZE + 1, count, count + 5}) {
        ReadStreamOptions options = all.fromVersion(from).toVersion(to);
        List<Long> expected = range(from, Math.min(to, count));
        assertThat(versions(get(other.readStream(stream, options)))).isEqualTo(expected);
        List<Long> backwards = new ArrayList<>(expected);
        java.util.Collections.reverse(backwards);
        assertThat(versions(get(store.readStream(stream, options.reversed()))))
            .isEqualTo(backwards);
      }
    }
  }

  @Test
  void limitsAReadAndSaysWhereToGoOn() {
    String stream = newStream();
    fill(stream, 10);
    ReadStreamOptions all = ReadStreamOptions.all();

    ReadStreamResult first = get(store.readStream(stream, all.limit(4)));
    assertThat(versions(first)).isEqualTo(range(1, 4));
    assertThat(first.continueFrom()).hasValue(5);
    assertThat(first.currentVersion()).isEqualTo(10);

    ReadStreamResult last = get(store.readStream(stream, all.fromVersion(5).limit(6)));
    assertThat(versions(last)).isEqualTo(range(5, 10));
    assertThat(last.continueFrom()).isEmpty();

    ReadStreamResult backwards = get(store.readStream(stream, all.limit(3).reversed()));
    assertThat(versions(backwards)).containsExactly(10L, 9L, 8L);
    assertThat(backwards.continueFrom()).hasValue(7);
    ReadStreamResult end = get(store.readStream(stream, all.toVersion(7).limit(7).reversed()));
    assertThat(versions(end)).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    assertThat(end.continueFrom()).isEmpty();
  }

  @Test
  void capsAReadWithoutLimitAndStreamsWithoutCap() {
    String stream = newStream();
    int count = 2 * MAX_READ_EVENTS + 3;
    fill(stream, count);

    List<Long> paged = new ArrayList<>();
    ReadStreamOptions options = ReadStreamOptions.all();
    int reads = 0;
    for (boolean more = true; more; reads++) {
      ReadStreamResult read = get(store.readStream(stream, options));
      paged.addAll(versions(read));
      more = read.continueFrom().isPresent();
      options = options.fromVersion(read.continueFrom().orElse(1));
    }
    assertThat(paged).isEqualTo(range(1, count));
    assertThat(reads).isEqualTo(3);

    CompletionStage<List<StreamDomainEvent<?>>> streamed =
        other
            .streamEvents(stream, ReadStreamOptions.all())
            .runWith(Sink.seq(), cluster.node(1).system());
    assertThat(get(streamed)).extracting(StreamDomainEvent::version).isEqualTo(range(1, count));
  }

  @Test
  void readsAStreamThatDoesNotExistAsEmpty() {
    String stream = newStream();
    ReadStreamResult read = get(store.readStream(stream));
    assertThat(read.events()).isEmpty();
    assertThat(read.continueFrom()).isEmpty();
    assertThat(read.currentVersion()).isZero();
    assertThat(get(store.getStreamVersion(stream))).isZero();
    assertThat(get(store.streamExists(stream))).isFalse();
  }

  @Test
  void readsAnEmptyRangeAsEmpty() {
    String stream = newStream();
    fill(stream, 3);
    ReadStreamOptions empty = ReadStreamOptions.all().fromVersion(3).toVersion(2);
    assertThat(get(store.readStream(stream, empty)).events()).isEmpty();
    assertThat(get(store.readStream(stream, empty.reversed())).events()).isEmpty();
    assertThat(get(store.readStream(stream, ReadStreamOptions.all().toVersion(-1))).events())
        .isEmpty();
  }

  @Test
  void tellsVersionAndExistence() {
    String stream = newStream();
    fill(stream, 2);
    assertThat(get(other.getStreamVersion(stream))).isEqualTo(2);
    assertThat(get(other.streamExists(stream))).isTrue();
  }

  @Test
  void refusesBadInputBeforeAnythingIsWritten() {
    String stream = newStream();
    ReadStreamOptions all = ReadStreamOptions.all();
    assertRejected(store.append(AppendEventInput.of("", opened("x"))), "stream id is empty");
    assertRejected(store.getStreamVersion("x".repeat(101)), "101 characters", "100");
    assertRejected(store.streamExists(""), "stream id is empty");
    assertRejected(
        store.append(AppendEventInput.of(stream, "t".repeat(101), "payload")),
        "event type",
        "max-id-length");
    assertRejected(
        store.append(AppendEventInput.of(stream, opened("x").withId(""))), "event id is empty");
    assertRejected(
        store.append(AppendEventInput.of(stream, opened("x")).withExpectedVersion(-1)),
        "expected version -1");
    assertRejected(
        store.append(AppendEventInput.of(stream, opened("x".repeat(20_000)))),
        "20,000",
        "max-event-bytes");
    assertRejected(
        store.appendBatch(
            AppendBatchInput.of(
                stream, IntStream.range(0, 7).mapToObj(i -> opened("x".repeat(10_000))).toList())),
        "50,000",
        "max-batch-bytes");
    assertRejected(
        store.appendBatch(AppendBatchInput.of(stream, events(PARTITION_SIZE + 1))),
        "batch of 8 events",
        "7");
    assertRejected(
        store.append(
            AppendEventInput.of(stream, NewEvent.of(JsonNodeFactory.instance.objectNode()))),
        "no type");
    assertRejected(store.append(AppendEventInput.of(stream, "Odd", new Object())), "JSON");
    assertRejected(store.readStream(stream, all.fromVersion(0)), "fromVersion 0");
    assertRejected(store.readStream(stream, all.limit(0)), "limit 0");
    assertThat(get(store.streamExists(stream))).isFalse();
  }

  private static void assertRejected(CompletionStage<?> stage, String... words) {
    assertThat(failure(stage, RejectedException.class).getMessage()).contains(words);
  }

  @Test
  void takesIdsAndTextsOfAnyLanguage() {
    String stream = "поток/流 🌊 %2F'\"" + UUID.randomUUID();
    get(store.append(AppendEventInput.of(stream, "Événement ✓", Map.of("ключ", "値 🎏"))));
    StreamDomainEvent<?> event = get(other.readStream(stream)).events().get(0);
    assertThat(event.type()).isEqualTo("Événement ✓");
    assertThat(((JsonNode) event.payload()).get("ключ").asText()).isEqualTo("値 🎏");
  }

  @Test
  void storesPayloadTypeIdAndMetadataReadably() {
    String stream = newStream();
    get(
        store.append(
            AppendEventInput.of(
                stream,
                NewEvent.of("Noted", Map.of("text", "hello"))
                    .withId("event-1")
                    .withMetadata(EventMetadata.empty().withUserId("ann")))));
    var row =
        CASSANDRA
            .session()
            .execute(
                "SELECT event_id, event_type, json, metadata, seq_nr, header FROM %s.events WHERE persistence_id = ? AND partition_nr = 0"
                    .formatted(
                        cluster
                            .node(0)
                            .system()
                            .settings()
                            .config()
                            .getString("holdfast.cassandra.keyspace")),
                stream)
            .one();
    assertThat(row.getString("event_id")).isEqualTo("event-1");
    assertThat(row.getString("event_type")).isEqualTo("Noted");
    assertThat(row.getString("json")).isEqualTo("{\"text\":\"hello\"}");
    assertThat(row.getString("metadata")).isEqualTo("{\"userId\":\"ann\"}");
    StoredHeader header = StoredHeader.of(row);
    assertThat(header.batchFirstSequenceNr()).isEqualTo(1);
    assertThat(header.writer().version()).as("a time UUID").isEqualTo(1);
    assertThat(header.logPosition()).isPositive();
  }
}
