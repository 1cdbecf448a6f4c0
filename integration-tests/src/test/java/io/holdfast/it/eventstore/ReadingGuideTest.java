// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.Guide;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of {@code docs/reading.md}, and what the page says beside them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingGuideTest {
  record Counted(int value) {}

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private TestCluster cluster;
  private ActorSystem<?> system;
  private EventStore store;

  @BeforeAll
  void start() {
    cluster =
        TestCluster.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            2,
            "",
            builder ->
                builder.serializer(JsonEventSerializer.builder().register(Counted.class).build()));
    system = cluster.node(0).system();
    store = cluster.store(0);
    for (String stream : List.of("meter-17", "meter-18")) {
      append(cluster.store(1), stream, 1, 2, 3, 4, 5);
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static void append(EventStore from, String stream, int... values) {
    for (int value : values) {
      get(from.append(AppendEventInput.of(stream, NewEvent.of(new Counted(value)))));
    }
  }

  private static List<Long> versions(ReadStreamResult read) {
    return read.events().stream().map(StreamDomainEvent::version).toList();
  }

  @Test
  void readsPages() {
    ReadStreamOptions page = ReadStreamOptions.all().limit(2);
    CompletionStage<ReadStreamResult> second =
        store
            .readStream("meter-17", page)
            .thenCompose(
                first ->
                    store.readStream(
                        "meter-17", page.fromVersion(first.continueFrom().orElseThrow())));

    assertThat(versions(get(second))).containsExactly(3L, 4L);
    assertThat(get(second).continueFrom()).hasValue(5);
    assertThat(get(second).currentVersion()).isEqualTo(5);
    ReadStreamOptions all = ReadStreamOptions.all();
    ReadStreamResult backwards =
        get(store.readStream("meter-17", all.toVersion(4).reversed().limit(3)));
    assertThat(versions(backwards)).containsExactly(4L, 3L, 2L);
    assertThat(backwards.continueFrom()).hasValue(1);
    assertThat(versions(get(store.readStream("meter-17", all.fromVersion(4)))))
        .containsExactly(4L, 5L);
    assertThat(versions(get(store.readStream("meter-17", all.fromVersion(9))))).isEmpty();
    ReadStreamResult none = get(store.readStream("meter-none"));
    assertThat(none).isEqualTo(new ReadStreamResult(List.of(), none.continueFrom(), 0));
    failure(store.readStream("meter-17", all.fromVersion(0)), RejectedException.class);
  }

  @Test
  void streamsEvents() {
    CompletionStage<Integer> sum =
        store
            .streamEvents("meter-17", ReadStreamOptions.all())
            .runFold(0, (total, event) -> total + event.payloadAs(Counted.class).value(), system);

    assertThat(get(sum)).isEqualTo(15);
  }

  @Test
  void readsTheLastEventAndManyVersions() {
    CompletionStage<Optional<StreamDomainEvent<?>>> last = store.readLastEvent("meter-17");
    CompletionStage<Map<String, Long>> versions =
        store.getStreamVersions(List.of("meter-18", "meter-17", "meter-none"));

    assertThat(get(last).orElseThrow().version()).isEqualTo(5);
    assertThat(get(store.readLastEvent("meter-none"))).isEmpty();
    assertThat(get(versions))
        .containsExactly(
            Map.entry("meter-18", 5L), Map.entry("meter-17", 5L), Map.entry("meter-none", 0L));
    assertThat(get(store.getStreamVersion("meter-17", ReadConsistency.OWNER))).isEqualTo(5);
  }

  private final List<Long> seen = new CopyOnWriteArrayList<>();

  private CompletionStage<Done> handle(StreamDomainEvent<?> event) {
    seen.add(event.version());
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  @Test
  void subscribes() {
    String stream = "meter-" + UUID.randomUUID();
    append(store, stream, 1, 2, 3);
    long lastHandled = 1;
    seen.clear();

    AtomicLong handled = new AtomicLong(lastHandled); // kept with what the handler stores
    UniqueKillSwitch subscription =
        RestartSource.onFailuresWithBackoff(
                RestartSettings.create(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2),
                () -> store.subscribeToStream(stream, handled.get() + 1))
            .viaMat(KillSwitches.single(), Keep.right())
            .mapAsync(1, event -> handle(event).thenAccept(done -> handled.set(event.version())))
            .to(Sink.ignore())
            .run(system);

    await().until(() -> seen.equals(List.of(2L, 3L)));
    append(cluster.store(0), stream, 4);
    get(
        cluster
            .store(1)
            .appendBatch(
                AppendBatchInput.of(
                    stream, List.of(NewEvent.of(new Counted(5)), NewEvent.of(new Counted(6))))));
    await().until(() -> seen.equals(List.of(2L, 3L, 4L, 5L, 6L)));
    subscription.shutdown();
  }

  @Test
  void subscribesToAStreamThatIsStillToCome() {
    String stream = "meter-" + UUID.randomUUID();
    List<Long> later = new CopyOnWriteArrayList<>();
    UniqueKillSwitch subscription =
        store
            .subscribeToStream(stream, 2)
            .viaMat(KillSwitches.single(), Keep.right())
            .to(Sink.foreach(event -> later.add(event.version())))
            .run(system);
    append(cluster.store(1), stream, 1, 2, 3);
    await().until(() -> later.equals(List.of(2L, 3L)));
    subscription.shutdown();
    failure(
        store.subscribeToStream(stream, 0).runWith(Sink.ignore(), system), RejectedException.class);
  }

  @Test
  void subscriptionsSurviveThatTheirStreamMoves() {
    TestCluster.Node third = cluster.addNode();
    List<String> streams =
        IntStream.range(0, 12).mapToObj(i -> "moving-" + UUID.randomUUID()).toList();
    List<String> arrived = new CopyOnWriteArrayList<>();
    List<UniqueKillSwitch> subscriptions =
        streams.stream()
            .map(
                stream ->
                    store
                        .subscribeToStream(stream, 1)
                        .viaMat(KillSwitches.single(), Keep.right())
                        .to(Sink.foreach(event -> arrived.add(stream + event.version())))
                        .run(system))
            .toList();
    streams.forEach(stream -> append(third.store(), stream, 1));
    cluster.leave(third);
    streams.forEach(stream -> append(cluster.store(1), stream, 2));
    await().until(() -> arrived.size() >= 24);
    for (String stream : streams) {
      assertThat(arrived.stream().filter(event -> event.startsWith(stream)).toList())
          .containsExactly(stream + 1, stream + 2);
    }
    subscriptions.forEach(UniqueKillSwitch::shutdown);
  }

  /** Where a read model keeps how far it has come. */
  private static final class Offsets {
    private volatile String kept = "";

    Optional<FeedOffset> load() {
      return kept.isEmpty() ? Optional.empty() : Optional.of(FeedOffset.parse(kept));
    }

    void save(FeedOffset offset) {
      kept = offset.toString();
    }
  }

  private static final class View {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    CompletionStage<Done> update(StreamDomainEvent<?> event) {
      seen.add(event.streamId() + ":" + event.version());
      return CompletableFuture.completedFuture(Done.getInstance());
    }
  }

  @Test
  void keepsAReadModelOfManyStreams() {
    append(cluster.store(1), "gauge-1", 1, 2, 3, 4, 5);
    append(cluster.store(0), "gauge-2", 1, 2, 3, 4, 5);
    Offsets offsets = new Offsets();
    View view = new View();
    FeedOffset from = offsets.load().orElse(FeedOffset.beginning());
    CompletionStage<Done> running =
        store
            .subscribeAll(FeedFilter.all().category("gauge"), from)
            .take(10)
            .mapAsync(1, item -> view.update(item.event()).thenApply(done -> item.offset()))
            .runForeach(offset -> offsets.save(offset), system);
    get(running);
    assertThat(view.seen)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, 5)
                .boxed()
                .flatMap(i -> Stream.of("gauge-1:" + i, "gauge-2:" + i))
                .toList());
    FeedOffset end = offsets.load().orElseThrow();
    assertThat(
            get(store.readAll(FeedFilter.all().category("gauge"), end).runWith(Sink.seq(), system)))
        .isEmpty();
  }

  @Test
  void standsInTheGuides() {
    Guide.assertStandsIn("reading.md", ReadingGuideTest.class);
    Guide.assertStandsIn("feed.md", ReadingGuideTest.class);
  }
}
