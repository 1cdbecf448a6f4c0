// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.holdfast.cassandra.EventRow;
import io.holdfast.fence.Batch;
import io.holdfast.fence.WriterSettings;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.test.Patience;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

class WritePlanTest {
  /** No serializer takes it. */
  private static final class Unserializable {}

  private static final JournalSettings SETTINGS =
      new JournalSettings(new WriterSettings(true, 1, 0, 4, 0), 2_000, 10, Duration.ofSeconds(1));

  private static final JournalSettings LARGE =
      new JournalSettings(SETTINGS.writer(), 8 << 20, 10, Duration.ofSeconds(1));

  private static final Instant NOW = Instant.ofEpochMilli(1_767_355_200_123L);

  private static ActorSystem system;
  private static EventMapper mapper;

  @BeforeAll
  static void start() {
    system =
        ActorSystem.create(
            "plan",
            ConfigFactory.parseString("pekko.actor.allow-java-serialization = off")
                .withFallback(ConfigFactory.load()));
    mapper = new EventMapper(system, InstantSource.fixed(NOW));
  }

  @AfterAll
  static void stop() throws Exception {
    Patience.get(FutureConverters.asJava(system.terminate()));
  }

  private static Object event(int bytes) {
    SerializedPayload payload =
        new SerializedPayload("x/y", ByteString.fromArrayUnsafe(new byte[bytes]));
    return new RecordedEvent(new EventData("i", "t", payload, null), 5);
  }

  private static Object event() {
    return event(10);
  }

  private static Object tagged(String tag) {
    return new Tagged(event(), Set.of(tag));
  }

  private static PersistentRepr manifest(@Nullable String manifest) {
    return PersistentRepr.apply(event(), 1, "a", manifest, false, ActorRef.noSender(), "writer");
  }

  private static AtomicWrite write(String persistenceId, long firstSequenceNr, Object... events) {
    List<PersistentRepr> messages = new ArrayList<>();
    for (Object event : events) {
      if (event instanceof PersistentRepr message) {
        messages.add(message);
        continue;
      }
      messages.add(
          PersistentRepr.apply(
              event,
              firstSequenceNr + messages.size(),
              persistenceId,
              "",
              false,
              ActorRef.noSender(),
              "writer"));
    }
    return new AtomicWrite(CollectionConverters.asScala(messages).toList());
  }

  private static WritePlan plan(AtomicWrite... writes) {
    return plan(SETTINGS, writes);
  }

  private static WritePlan plan(JournalSettings settings, AtomicWrite... writes) {
    return WritePlan.of(List.of(writes), mapper, settings).getNow(null);
  }

  /** Of Pekko's actors none does. */
  @Test
  void tellsTheTimeOfEventsThatDoNotSayIt() {
    PersistentRepr bare =
        PersistentRepr.apply("text", 1, "a", "", false, ActorRef.noSender(), "writer");
    WritePlan plan = plan(write("a", 1, bare, bare.update(2, "a", false, null, "w"), event()));
    assertThat(plan.batches().get(0).rows())
        .extracting(EventRow::timestampMillis)
        .containsExactly(NOW.toEpochMilli(), NOW.toEpochMilli(), 5L);
    assertThat(plan(write("a", 1, bare.withTimestamp(7))).batches().get(0).rows())
        .extracting(EventRow::timestampMillis)
        .containsExactly(7L);
  }

  private static List<List<Long>> sequenceNrs(WritePlan plan) {
    return plan.batches().stream()
        .map(batch -> batch.rows().stream().map(EventRow::sequenceNr).toList())
        .toList();
  }

  @Test
  void putsSeveralWritesIntoOneBatch() {
    WritePlan plan = plan(write("a", 1, event()), write("a", 2, event(), event()));
    assertThat(sequenceNrs(plan)).containsExactly(List.of(1L, 2L, 3L));
    assertThat(plan.rejections()).isEmpty();
    Batch<EventRow> batch = plan.batches().get(0);
    assertThat(batch.persistenceId()).isEqualTo("a");
    assertThat(batch.firstSequenceNr()).isEqualTo(1);
    assertThat(batch.lastSequenceNr()).isEqualTo(3);
  }

  @Test
  void neverSplitsAWrite() {
    WritePlan plan =
        plan(
            write("a", 1, event(), event(), event()),
            write("a", 4, event(), event()),
            write("a", 6, event()));
    assertThat(sequenceNrs(plan)).containsExactly(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L));
  }

  @Test
  void fillsABatchToItsBound() {
    AtomicWrite[] writes =
        LongStream.rangeClosed(1, 9)
            .mapToObj(i -> write("a", i, event()))
            .toArray(AtomicWrite[]::new);
    assertThat(sequenceNrs(plan(writes)))
        .containsExactly(List.of(1L, 2L, 3L, 4L), List.of(5L, 6L, 7L, 8L), List.of(9L));
  }

  @Test
  void startsANewBatchAtTheBoundOfBytes() {
    WritePlan plan =
        plan(write("a", 1, event(900)), write("a", 2, event(700)), write("a", 3, event(900)));
    assertThat(sequenceNrs(plan)).containsExactly(List.of(1L, 2L), List.of(3L));
  }

  @Test
  void rejectsWhatIsNotSerializableAndKeepsItsNeighbours() {
    WritePlan plan =
        plan(
            write("a", 1, event()),
            write("a", 2, event(), new Unserializable()),
            write("a", 4, event()));
    assertThat(sequenceNrs(plan)).containsExactly(List.of(1L, 4L));
    assertThat(plan.rejections()).hasSize(3);
    assertThat(plan.rejections().get(0)).isEmpty();
    assertThat(plan.rejections().get(1)).isPresent();
    assertThat(plan.rejections().get(2)).isEmpty();
  }

  @Test
  void countsRejectedNumbersTowardsTheLengthOfABatch() {
    WritePlan plan =
        plan(
            write("a", 1, event()),
            write("a", 2, new Unserializable(), event(), event()),
            write("a", 5, event()));
    assertThat(sequenceNrs(plan)).containsExactly(List.of(1L), List.of(5L));
  }

  @Test
  void rejectsAWriteOfTooManyEvents() {
    WritePlan plan =
        plan(
            write("a", 1, event()),
            write("a", 2, event(), event(), event(), event(), event()),
            write("a", 7, event()));
    assertThat(sequenceNrs(plan)).containsExactly(List.of(1L), List.of(7L));
    assertThat(rejection(plan, 1))
        .isInstanceOf(BatchRejectedException.class)
        .hasMessageContaining("events 2 to 6 of 'a' are 5 events")
        .hasMessageContaining("at most 4 events (max-batch-size)");
  }

  @Test
  void rejectsAWriteOfTooManyBytes() {
    WritePlan plan = plan(write("a", 1, event(1_000), event(1_000)), write("a", 3, event()));
    assertThat(sequenceNrs(plan)).containsExactly(List.of(3L));
    assertThat(rejection(plan, 0))
        .isInstanceOf(BatchRejectedException.class)
        .hasMessageContaining("2000 bytes (max-batch-bytes)");
  }

  /** As an event adapter may answer that was not asked with care. */
  @Test
  void rejectsAnEventWithoutAManifestAlone() {
    WritePlan plan = plan(write("a", 1, manifest(null)), write("a", 2, "event"));
    assertThat(rejection(plan, 0)).hasMessageContaining("manifest is null");
    assertThat(sequenceNrs(plan)).containsExactly(List.of(2L));
  }

  @Test
  void countsTagsAndManifestsAndIds() {
    assertThat(sequenceNrs(plan(write("a", 1, tagged("x".repeat(1_600))))))
        .containsExactly(List.of(1L));
    assertThat(rejection(plan(write("a", 1, tagged("x".repeat(2_000)))), 0))
        .isInstanceOf(BatchRejectedException.class)
        .hasMessageContaining("2000 bytes (max-batch-bytes)");
    assertThat(rejection(plan(write("a", 1, manifest("x".repeat(2_000)))), 0))
        .isInstanceOf(BatchRejectedException.class);
    assertThat(sequenceNrs(plan(write("a", 1, "event")))).containsExactly(List.of(1L));
    assertThat(rejection(plan(write("a".repeat(2_000), 1, "event")), 0))
        .isInstanceOf(BatchRejectedException.class);
  }

  @Test
  void rejectsTagsThatTheLogHasNoRoomFor() {
    int half = WritePlan.MAX_LOGGED_BYTES / 2;
    WritePlan plan =
        plan(
            LARGE,
            write("a", 1, tagged("x".repeat(half)), tagged("y".repeat(half))),
            write("a", 3, tagged("x".repeat(half)), tagged("x".repeat(half))),
            write("a", 5, tagged("z".repeat(half))));
    assertThat(rejection(plan, 0))
        .isInstanceOf(BatchRejectedException.class)
        .hasMessageContaining("events 1 to 2 of 'a'")
        .hasMessageContaining("1048598 bytes of persistence id, event types and tags")
        .hasMessageContaining("at most 1048576")
        .hasMessageContaining("Use fewer or shorter tags");
    assertThat(sequenceNrs(plan)).containsExactly(List.of(3L, 4L), List.of(5L));
  }

  @Test
  void plansNothingWhereAllIsRejected() {
    WritePlan plan = plan(write("a", 1, new Unserializable()));
    assertThat(plan.batches()).isEmpty();
    assertThat(rejection(plan, 0)).isNotNull();
  }

  private static Exception rejection(WritePlan plan, int write) {
    Optional<Exception> rejection = plan.rejections().get(write);
    assertThat(rejection).isPresent();
    return rejection.orElseThrow();
  }
}
