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
import java.util.function.Function;
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
  static class Pages {
    static CompletionStage<ReadStreamResult> second(EventStore store) {
      ReadStreamOptions page = ReadStreamOptions.all().limit(2);
      return store
          .readStream("Meter|17", page)
          .thenCompose(
              first ->
                  store.readStream(
                      "Meter|17", page.fromVersion(first.continueFrom().orElseThrow())));
    }
  }

  record Counted(int value) {}

  static class Meter {
    static CompletionStage<Integer> sum(EventStore store, ActorSystem<?> system) {
      return store
          .streamEvents("Meter|17", ReadStreamOptions.all())
          .runFold(0, (total, event) -> total + event.payloadAs(Counted.class).value(), system);
    }
  }

  static class Ends {
    static CompletionStage<Optional<StreamDomainEvent<?>>> last(EventStore store) {
      return store.readLastEvent("Meter|17");
    }

    static CompletionStage<Map<String, Long>> versions(EventStore store) {
      return store.getStreamVersions(List.of("Meter|18", "Meter|17", "Meter|none"));
    }
  }

  static class Subscriber {
    static UniqueKillSwitch subscribe(
        EventStore store,
        ActorSystem<?> system,
        String stream,
        long lastHandled,
        Function<StreamDomainEvent<?>, CompletionStage<Done>> handler) {
      AtomicLong handled = new AtomicLong(lastHandled); // kept with what the handler stores
      return RestartSource.onFailuresWithBackoff(
              RestartSettings.create(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2),
              () -> store.subscribeToStream(stream, handled.get() + 1))
          .viaMat(KillSwitches.single(), Keep.right())
          .mapAsync(
              1, event -> handler.apply(event).thenAccept(done -> handled.set(event.version())))
          .to(Sink.ignore())
          .run(system);
    }
  }

  interface View {
    CompletionStage<Done> update(StreamDomainEvent<?> event);
  }

  interface Offsets {
    Optional<FeedOffset> load();

    void save(FeedOffset offset);
  }

  static class Follower {
    static CompletionStage<Done> follow(
        EventStore store, ActorSystem<?> system, View view, Offsets offsets) {
      FeedOffset from = offsets.load().orElse(FeedOffset.beginning());
      return store
          .subscribeAll(FeedFilter.all().entityType("Gauge"), from)
          .take(10)
          .mapAsync(1, item -> view.update(item.event()).thenApply(done -> item.offset()))
          .runForeach(offset -> offsets.save(offset), system);
    }
  }

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
    for (String stream : List.of("Meter|17", "Meter|18")) {
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
    CompletionStage<ReadStreamResult> second = Pages.second(store);

    assertThat(versions(get(second))).containsExactly(3L, 4L);
    assertThat(get(second).continueFrom()).hasValue(5);
    assertThat(get(second).currentVersion()).isEqualTo(5);
    ReadStreamOptions all = ReadStreamOptions.all();
    ReadStreamResult backwards =
        get(store.readStream("Meter|17", all.toVersion(4).reversed().limit(3)));
    assertThat(versions(backwards)).containsExactly(4L, 3L, 2L);
    assertThat(backwards.continueFrom()).hasValue(1);
    assertThat(versions(get(store.readStream("Meter|17", all.fromVersion(4)))))
        .containsExactly(4L, 5L);
    assertThat(versions(get(store.readStream("Meter|17", all.fromVersion(9))))).isEmpty();
    ReadStreamResult none = get(store.readStream("Meter|none"));
    assertThat(none).isEqualTo(new ReadStreamResult(List.of(), none.continueFrom(), 0));
    failure(store.readStream("Meter|17", all.fromVersion(0)), RejectedException.class);
  }

  @Test
  void streamsEvents() {
    assertThat(get(Meter.sum(store, system))).isEqualTo(15);
  }

  @Test
  void readsTheLastEventAndManyVersions() {
    assertThat(get(Ends.last(store)).orElseThrow().version()).isEqualTo(5);
    assertThat(get(store.readLastEvent("Meter|none"))).isEmpty();
    assertThat(get(Ends.versions(store)))
        .containsExactly(
            Map.entry("Meter|18", 5L), Map.entry("Meter|17", 5L), Map.entry("Meter|none", 0L));
    assertThat(get(store.getStreamVersion("Meter|17", ReadConsistency.OWNER))).isEqualTo(5);
  }

  private final List<Long> seen = new CopyOnWriteArrayList<>();

  private CompletionStage<Done> handle(StreamDomainEvent<?> event) {
    seen.add(event.version());
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  @Test
  void subscribes() {
    String stream = "Meter|" + UUID.randomUUID();
    append(store, stream, 1, 2, 3);
    long lastHandled = 1;
    seen.clear();

    UniqueKillSwitch subscription =
        Subscriber.subscribe(store, system, stream, lastHandled, this::handle);

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
    String stream = "Meter|" + UUID.randomUUID();
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
  private static final class KeptOffsets implements Offsets {
    private volatile String kept = "";

    @Override
    public Optional<FeedOffset> load() {
      return kept.isEmpty() ? Optional.empty() : Optional.of(FeedOffset.parse(kept));
    }

    @Override
    public void save(FeedOffset offset) {
      kept = offset.toString();
    }
  }

  private static final class SeenView implements View {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Done> update(StreamDomainEvent<?> event) {
      seen.add(event.streamId() + ":" + event.version());
      return CompletableFuture.completedFuture(Done.getInstance());
    }
  }

  @Test
  void keepsAReadModelOfManyStreams() {
    append(cluster.store(1), "Gauge|1", 1, 2, 3, 4, 5);
    append(cluster.store(0), "Gauge|2", 1, 2, 3, 4, 5);
    Offsets offsets = new KeptOffsets();
    SeenView view = new SeenView();
    get(Follower.follow(store, system, view, offsets));
    assertThat(view.seen)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, 5)
                .boxed()
                .flatMap(i -> Stream.of("Gauge|1:" + i, "Gauge|2:" + i))
                .toList());
    FeedOffset end = offsets.load().orElseThrow();
    assertThat(
            get(
                store
                    .readAll(FeedFilter.all().entityType("Gauge"), end)
                    .runWith(Sink.seq(), system)))
        .isEmpty();
  }

  @Test
  void standsInTheGuides() {
    Guide.assertStandsIn("reading.md", ReadingGuideTest.class);
    Guide.assertStandsIn("feed.md", ReadingGuideTest.class);
  }
}
