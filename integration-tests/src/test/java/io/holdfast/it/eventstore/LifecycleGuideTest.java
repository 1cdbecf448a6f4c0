// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.AppendResult;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamClosedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.StreamInfo;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.it.Guide;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import io.holdfast.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of {@code docs/lifecycle.md}, and what the page says beside them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifecycleGuideTest {
  record Measured(int value) {}

  static class Sensors {
    static CompletionStage<StreamInfo> truncate(EventStore store) {
      return store.truncateStream("Sensor|17", 4);
    }

    static CompletionStage<StreamInfo> delete(EventStore store) {
      return store.deleteStream("Sensor|18", ExpectedVersion.exactly(5));
    }

    static CompletionStage<AppendResult<Measured>> beginAgain(EventStore store) {
      return store.append(
          AppendEventInput.of("Sensor|18", NewEvent.of(new Measured(6)))
              .withExpectedVersion(ExpectedVersion.noStream()));
    }

    static CompletionStage<StreamInfo> close(EventStore store) {
      return store.closeStream("Sensor|19");
    }

    static CompletionStage<StreamInfo> keepTwo(EventStore store) {
      return store.setStreamMetadata("Sensor|20", StreamMetadata.none().withMaxCount(2));
    }
  }

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private String keyspace;
  private TestCluster cluster;
  private EventStore store;

  @BeforeAll
  void start() {
    keyspace = CASSANDRA.newKeyspaceName();
    cluster =
        TestCluster.start(
            CASSANDRA,
            keyspace,
            2,
            "holdfast.event-store.max-read-bytes = 16 KiB",
            builder ->
                builder
                    .serializer(JsonEventSerializer.builder().register(Measured.class).build())
                    .clock(clock));
    store = cluster.store(0);
    for (String sensor : List.of("Sensor|17", "Sensor|18", "Sensor|19", "Sensor|20")) {
      append(sensor, 1, 2, 3, 4, 5);
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static AppendEventInput<Measured> input(String stream, int value) {
    return AppendEventInput.of(
        stream, NewEvent.of(new Measured(value)).withId("measured-" + value));
  }

  private void append(String stream, int... values) {
    for (int value : values) {
      get(cluster.store(value % 2).append(input(stream, value)));
    }
  }

  private List<Long> read(String stream) {
    return get(cluster.store(1).readStream(stream)).events().stream()
        .map(StreamDomainEvent::version)
        .toList();
  }

  private long rows(String stream) {
    return CASSANDRA
        .session()
        .execute(
            "SELECT seq_nr FROM %s.events WHERE persistence_id = ? AND partition_nr = 0"
                .formatted(keyspace),
            stream)
        .all()
        .size();
  }

  @Test
  void truncates() {
    CompletionStage<StreamInfo> truncated = Sensors.truncate(store);

    assertThat(get(truncated).firstVersion()).isEqualTo(4);
    assertThat(get(truncated).version()).isEqualTo(5);
    assertThat(read("Sensor|17")).containsExactly(4L, 5L);
    assertThat(rows("Sensor|17")).isEqualTo(2);
    assertThat(get(store.truncateStream("Sensor|17", 2)).firstVersion()).isEqualTo(4);
    append("Sensor|17", 6);
    assertThat(read("Sensor|17")).containsExactly(4L, 5L, 6L);
    failure(store.append(input("Sensor|17", 1).withExpectedVersion(0)), ConcurrencyException.class);
    assertThat(get(store.append(input("Sensor|17", 1))).currentVersion()).isEqualTo(7);
  }

  @Test
  void deletes() {
    CompletionStage<StreamInfo> deleted = Sensors.delete(store);

    assertThat(get(deleted).exists()).isFalse();
    assertThat(get(deleted).version()).isEqualTo(5);
    assertThat(rows("Sensor|18")).isZero();
    assertThat(get(store.streamExists("Sensor|18"))).isFalse();
    assertThat(get(store.getStreamVersion("Sensor|18"))).isEqualTo(5);
    assertThat(get(store.readLastEvent("Sensor|18"))).isEmpty();
    failure(store.append(input("Sensor|18", 6).withExpectedVersion(0)), ConcurrencyException.class);
    failure(
        store.append(input("Sensor|18", 6).withExpectedVersion(ExpectedVersion.streamExists())),
        ConcurrencyException.class);
    assertThat(get(Sensors.beginAgain(store)).currentVersion()).isEqualTo(6);
    assertThat(read("Sensor|18")).containsExactly(6L);
    failure(
        store.deleteStream("Sensor|18", ExpectedVersion.exactly(5)), ConcurrencyException.class);
  }

  @Test
  void closes() {
    CompletionStage<StreamInfo> closed = Sensors.close(store);

    assertThat(get(closed).closed()).isTrue();
    failure(cluster.store(1).append(input("Sensor|19", 6)), StreamClosedException.class);
    assertThat(get(store.tryAppend(input("Sensor|19", 5))))
        .isInstanceOf(AppendOutcome.AlreadyAppended.class);
    assertThat(get(store.tryAppend(input("Sensor|19", 2).withExpectedVersion(1))))
        .isInstanceOf(AppendOutcome.AlreadyAppended.class);
    assertThat(read("Sensor|19")).hasSize(5);
    assertThat(get(store.deleteStream("Sensor|19")).closed()).isTrue();
    failure(
        store.append(input("Sensor|19", 6).withExpectedVersion(ExpectedVersion.noStream())),
        StreamClosedException.class);
  }

  @Test
  void keepsTheYoungest() {
    CompletionStage<StreamInfo> limited = Sensors.keepTwo(store);

    assertThat(get(limited).firstVersion()).isEqualTo(4);
    assertThat(read("Sensor|20")).containsExactly(4L, 5L);
    append("Sensor|20", 6);
    assertThat(read("Sensor|20")).containsExactly(5L, 6L);
    clock.advance(Duration.ofMinutes(2));
    await()
        .untilAsserted(
            () -> {
              assertThat(get(store.getStreamVersion("Sensor|20"))).isEqualTo(6);
              assertThat(rows("Sensor|20")).isEqualTo(2);
            });
    assertThat(get(store.setStreamMetadata("Sensor|20", StreamMetadata.none())).firstVersion())
        .isEqualTo(5);
    assertThat(read("Sensor|20")).containsExactly(5L, 6L);
  }

  @Test
  void keepsForATime() {
    String stream = "Sensor|" + UUID.randomUUID();
    StreamMetadata month = StreamMetadata.none().withMaxAge(Duration.ofDays(30));
    assertThat(get(store.setStreamMetadata(stream, month)).metadata()).isEqualTo(month);
    append(stream, 1, 2);
    clock.advance(Duration.ofDays(20));
    append(stream, 3);
    clock.advance(Duration.ofDays(11));
    assertThat(read(stream)).containsExactly(3L);
    await()
        .untilAsserted(
            () -> {
              assertThat(get(store.getStreamInfo(stream)).version()).isEqualTo(3);
              assertThat(rows(stream)).isEqualTo(1);
            });
    assertThat(get(store.getStreamInfo(stream)).firstVersion()).isEqualTo(3);
  }

  /** One look shows three of them; the clock stands still. */
  @Test
  void letsGoOfManyLargeEventsWithoutWaitingInBetween() {
    String stream = "Sensor|" + UUID.randomUUID();
    get(store.setStreamMetadata(stream, StreamMetadata.none().withMaxAge(Duration.ofDays(30))));
    for (int i = 0; i < 20; i++) {
      get(store.append(AppendEventInput.of(stream, "Noted", "x".repeat(5_000))));
    }
    clock.advance(Duration.ofDays(31));
    await()
        .untilAsserted(
            () -> {
              assertThat(get(store.getStreamInfo(stream)).version()).isEqualTo(20);
              assertThat(rows(stream)).isZero();
            });
  }

  @Test
  void subscriptionsLeaveOutWhatIsDeleted() {
    String stream = "Sensor|" + UUID.randomUUID();
    append(stream, 1, 2, 3);
    get(store.truncateStream(stream, 3));
    List<Long> seen = new CopyOnWriteArrayList<>();
    UniqueKillSwitch subscription =
        store
            .subscribeToStream(stream, 1)
            .viaMat(KillSwitches.single(), Keep.right())
            .to(Sink.foreach(event -> seen.add(event.version())))
            .run(cluster.node(0).system());
    await().until(() -> seen.equals(List.of(3L)));
    get(store.deleteStream(stream));
    append(stream, 4);
    await().until(() -> seen.equals(List.of(3L, 4L)));
    get(store.closeStream(stream));
    subscription.shutdown();
  }

  @Test
  void standsInTheGuide() {
    Guide.assertStandsIn("lifecycle.md", LifecycleGuideTest.class);
  }
}
