// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.subscription;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnreadableEventException;
import io.holdfast.eventstore.subscription.DurableSubscription;
import io.holdfast.eventstore.subscription.DurableSubscriptionBuilder;
import io.holdfast.eventstore.subscription.InstanceStatus;
import io.holdfast.eventstore.subscription.InstanceStatus.State;
import io.holdfast.eventstore.subscription.ReplayedEvents;
import io.holdfast.eventstore.subscription.SubscriptionStatus;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.ForeignOffsetException;
import io.holdfast.feed.ParkedEvent;
import io.holdfast.feed.SubscriptionStore;
import io.holdfast.feed.SubscriptionStore.Progress;
import io.holdfast.it.Guide;
import io.holdfast.it.TestCluster;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.serialization.SerializationException;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.serialization.TypedPayload;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Durable subscriptions on two nodes, and the example of {@code docs/subscriptions.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DurableSubscriptionTest {
  interface View {
    CompletionStage<Void> update(StreamDomainEvent<?> event);

    CompletionStage<Void> clear();
  }

  static class OrderList {
    static DurableSubscription start(ActorSystem<?> system, EventStore store, View view) {
      return DurableSubscription.named("order-list")
          .filter(FeedFilter.all().entityType("Order"))
          .from(FeedOffset.beginning())
          .instances(4)
          .start(system, store, event -> view.update(event.event()));
    }
  }

  static class Rebuild {
    static CompletionStage<Void> anew(DurableSubscription orders, View view) {
      return orders
          .pause()
          .thenCompose(done -> view.clear())
          .thenCompose(done -> orders.reset(FeedOffset.beginning()))
          .thenCompose(done -> orders.resume());
    }
  }

  record Counted(int value) {}

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int CHECKPOINT_EVENTS = 5;

  private static final String SETTINGS =
      """
      holdfast.journal.feed = on
      holdfast.subscription {
        checkpoint-events = %d
        checkpoint-interval = 200 ms
        poll-interval = 100 ms
        heartbeat-interval = 1 s
        max-attempts = 3
        min-backoff = 10 ms
        max-backoff = 50 ms
      }
      pekko.cluster.sharded-daemon-process.keep-alive-interval = 1 s
      """
          .formatted(CHECKPOINT_EVENTS);

  private TestCluster cluster;

  @BeforeAll
  void start() {
    cluster = cluster(CASSANDRA.newKeyspaceName(), 2);
  }

  private static TestCluster cluster(String keyspace, int nodes) {
    return TestCluster.start(
        CASSANDRA,
        keyspace,
        nodes,
        SETTINGS,
        builder ->
            builder.serializer(JsonEventSerializer.builder().register(Counted.class).build()));
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static ConditionFactory eventually() {
    return await().pollInterval(Duration.ofMillis(50));
  }

  /** A category, and name of a subscription, that nothing else uses. */
  private static String unique() {
    return "c" + UUID.randomUUID().toString().replace("-", "");
  }

  private static DurableSubscriptionBuilder of(String category) {
    return DurableSubscription.named(category).filter(FeedFilter.all().category(category));
  }

  private static DurableSubscription on(
      TestCluster.Node node, DurableSubscriptionBuilder builder, Handled handled) {
    return builder.start(node.system(), node.store(), event -> handled.update(event.event()));
  }

  /** Starts it on both nodes. */
  private DurableSubscription started(DurableSubscriptionBuilder builder, Handled handled) {
    on(cluster.node(1), builder, handled);
    return get(on(cluster.node(0), builder, handled).started());
  }

  private static void append(EventStore store, String stream, int count) {
    get(
        store.appendBatch(
            AppendBatchInput.of(
                stream,
                IntStream.range(0, count).mapToObj(i -> NewEvent.of(new Counted(i))).toList())));
  }

  private static List<String> events(String stream, long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(i -> Handled.name(stream, i)).toList();
  }

  private static List<InstanceStatus> instances(DurableSubscription subscription) {
    return get(subscription.status()).instances();
  }

  private static void awaitAll(
      DurableSubscription subscription, Predicate<InstanceStatus> condition) {
    eventually().until(() -> instances(subscription).stream().allMatch(condition));
  }

  @Test
  void isStartedAndAsked() {
    ActorSystem<?> system = cluster.node(0).system();
    EventStore store = cluster.store(0);
    Handled view = new Handled();
    append(store, "Order|1", 3);

    DurableSubscription orders = OrderList.start(system, store, view);

    CompletionStage<SubscriptionStatus> status = orders.status();
    CompletionStage<ReplayedEvents> replayed = orders.replayParked();
    CompletionStage<Void> rebuilt = Rebuild.anew(orders, view);

    get(rebuilt);
    assertThat(get(replayed)).isEqualTo(new ReplayedEvents(0, 0, 0));
    assertThat(get(status).instances()).hasSize(4);
    eventually().until(() -> view.once().equals(Set.copyOf(events("Order|1", 1, 3))));
    awaitAll(
        orders,
        instance ->
            instance.state() == State.RUNNING
                && instance.lag().events() == 0
                && instance.lag().time().isZero());
  }

  @Test
  void handlesEveryEventThoughANodeLeaves() {
    String category = unique();
    Handled handled = new Handled();
    TestCluster.Node third = cluster.addNode();
    DurableSubscription subscription = started(of(category).instances(4), handled);
    on(third, of(category).instances(4), handled);
    List<String> streams = IntStream.range(0, 16).mapToObj(i -> category + "-" + i).toList();
    streams.forEach(stream -> append(cluster.store(0), stream, 3));
    eventually().until(() -> handled.once().size() > 8);
    streams.forEach(stream -> append(third.store(), stream, 3));
    cluster.leave(third);
    streams.forEach(stream -> append(cluster.store(1), stream, 3));

    eventually().until(() -> handled.once().size() == 16 * 9);
    for (String stream : streams) {
      assertThat(handled.ofStream(stream)).containsExactlyElementsOf(events(stream, 1, 9));
    }
    awaitAll(subscription, instance -> instance.lag().events() == 0);
  }

  @Test
  void goesOnWhereItWasAfterARestart() {
    String keyspace = CASSANDRA.newKeyspaceName();
    String stream = "count-1";
    Handled before = new Handled();
    try (TestCluster first = cluster(keyspace, 1)) {
      append(first.store(0), stream, 12);
      DurableSubscription subscription = on(first.node(0), of("count"), before);
      eventually().until(() -> before.all().size() == 12);
      // The place is kept, which an end in time would see to as well.
      awaitAll(subscription, instance -> instance.lag().events() == 0);
    }
    Handled after = new Handled();
    try (TestCluster second = cluster(keyspace, 1)) {
      append(second.store(0), stream, 3);
      DurableSubscription subscription = on(second.node(0), of("count"), after);
      eventually().until(() -> after.once().contains(Handled.name(stream, 15)));
      assertThat(after.ofStream(stream)).containsExactlyElementsOf(events(stream, 13, 15));
      assertThat(get(subscription.parked())).isEmpty();
    }
    assertThat(before.all()).containsExactlyElementsOf(events(stream, 1, 12));
  }

  @Test
  void parksWhatTheHandlerFailsAt() {
    String category = unique();
    String stream = category + "-1";
    Handled handled = new Handled();
    handled.refuse(Handled.name(stream, 2));
    handled.refuse(Handled.name(stream, 4));
    append(cluster.store(0), stream, 5);
    DurableSubscription subscription = started(of(category), handled);

    eventually().until(() -> handled.ofStream(stream).size() == 3);
    List<ParkedEvent> parked = get(subscription.parked());
    assertThat(parked).extracting(ParkedEvent::version).containsExactly(2L, 4L);
    assertThat(parked)
        .allSatisfy(
            event -> {
              assertThat(event.streamId()).isEqualTo(stream);
              assertThat(event.attempts()).isEqualTo(3);
              assertThat(event.error()).contains("no taste for " + stream);
            });
    assertThat(instances(subscription).get(0).parkedEvents()).isEqualTo(2);

    handled.accept(Handled.name(stream, 2));
    assertThat(get(subscription.replayParked())).isEqualTo(new ReplayedEvents(1, 0, 1));
    assertThat(handled.ofStream(stream)).last().isEqualTo(Handled.name(stream, 2));
    assertThat(get(subscription.parked())).containsExactly(parked.get(1));

    get(subscription.discardParked(parked.get(1)));
    assertThat(get(subscription.parked())).isEmpty();
  }

  @Test
  void removesParkedEventsThatAreGone() {
    String category = unique();
    String stream = category + "-1";
    Handled handled = new Handled();
    handled.refuse(Handled.name(stream, 1));
    append(cluster.store(0), stream, 2);
    DurableSubscription subscription = started(of(category), handled);
    eventually().until(() -> handled.once().contains(Handled.name(stream, 2)));
    awaitAll(
        subscription,
        instance ->
            instance.state() == State.RUNNING
                && instance.attempts() == 0
                && instance.parkedEvents() == 1);
    get(cluster.store(1).deleteStream(stream));
    assertThat(get(subscription.replayParked())).isEqualTo(new ReplayedEvents(0, 1, 0));
  }

  @Test
  void pausesGoesOnAndBeginsAnew() {
    String category = unique();
    String stream = category + "-1";
    Handled handled = new Handled();
    append(cluster.store(0), stream, 3);
    DurableSubscription subscription = started(of(category).instances(2), handled);
    eventually().until(() -> handled.all().size() == 3);

    get(subscription.pause());
    awaitAll(subscription, instance -> instance.state() == State.PAUSED);
    assertThat(get(subscription.status()).paused()).isTrue();
    append(cluster.store(1), stream, 4);
    InstanceStatus behind =
        instances(subscription).stream()
            .filter(instance -> instance.lag().events() > 0)
            .findFirst()
            .orElseThrow();
    assertThat(behind.lag().events()).isEqualTo(4);
    assertThat(behind.lag().atLeast()).isFalse();
    assertThat(handled.all()).hasSize(3);

    get(subscription.reset(FeedOffset.beginning()));
    assertThat(instances(subscription).stream().mapToInt(i -> i.lag().events()).sum()).isEqualTo(7);
    get(handled.clear());
    get(subscription.resume());
    eventually().until(() -> handled.all().size() == 7);
    assertThat(handled.all()).containsExactlyElementsOf(events(stream, 1, 7));

    get(handled.clear());
    get(subscription.reset(FeedOffset.beginning()));
    eventually().until(() -> handled.all().size() == 7);
    awaitAll(subscription, instance -> instance.lag().events() == 0);
    assertThat(handled.all()).containsExactlyElementsOf(events(stream, 1, 7));
  }

  @Test
  void beginsAtNowOnce() {
    String category = unique();
    String stream = category + "-1";
    Handled handled = new Handled();
    append(cluster.store(0), stream, 3);
    DurableSubscription subscription =
        started(
            DurableSubscription.named(category + " / für Ärger")
                .filter(FeedFilter.all().category(category))
                .from(FeedOffset.now()),
            handled);
    get(subscription.pause());
    awaitAll(subscription, instance -> instance.state() == State.PAUSED);
    // Nothing was handled yet, but the place is kept since the start.
    append(cluster.store(0), stream, 2);
    get(subscription.resume());
    eventually().until(() -> handled.all().size() == 2);
    assertThat(handled.all()).containsExactlyElementsOf(events(stream, 4, 5));
  }

  /** Reads like the store of the nodes, but not the payloads that it is told. */
  private static final class Picky implements EventSerializer {
    private final EventSerializer serializer =
        JsonEventSerializer.builder().register(Counted.class).build();
    private final Set<Integer> refused = ConcurrentHashMap.newKeySet();

    @Override
    public Optional<String> typeOf(Object payload) {
      return serializer.typeOf(payload);
    }

    @Override
    public SerializedPayload serialize(String type, Object payload) {
      return serializer.serialize(type, payload);
    }

    @Override
    public List<TypedPayload> deserialize(String type, SerializedPayload payload) {
      List<TypedPayload> read = serializer.deserialize(type, payload);
      if (refused.contains(((Counted) read.get(0).payload()).value())) {
        throw new SerializationException("no key for " + payload.bytes().utf8String());
      }
      return read;
    }
  }

  private static void appendValues(EventStore store, String stream, int... values) {
    for (int value : values) {
      get(store.append(AppendEventInput.of(stream, NewEvent.of(new Counted(value)))));
    }
  }

  @Test
  void parksWhatCannotBeRead() {
    String category = unique();
    String stream = category + "-1";
    Picky serializer = new Picky();
    serializer.refused.addAll(List.of(2, 3, 6));
    EventStore store = EventStore.builder(cluster.node(0).system()).serializer(serializer).start();
    appendValues(store, stream, 1, 2, 3, 4, 5, 6);
    Handled handled = new Handled();
    // Beside an event that the handler fails at, whose failure must not be lost with the source's.
    handled.refuse(Handled.name(stream, 1));
    DurableSubscription subscription =
        of(category).start(cluster.node(0).system(), store, event -> handled.update(event.event()));

    eventually().until(() -> get(subscription.parked()).size() == 4);
    assertThat(handled.all()).containsExactlyElementsOf(events(stream, 4, 5));
    List<ParkedEvent> parked = get(subscription.parked());
    assertThat(parked).extracting(ParkedEvent::version).containsExactly(1L, 2L, 3L, 6L);
    assertThat(parked).extracting(ParkedEvent::attempts).containsOnly(3);
    assertThat(parked.get(1).error())
        .contains("event 2 of stream '" + stream + "' (type 'Counted') cannot be read", "no key");
    appendValues(store, stream, 7);
    eventually().until(() -> handled.once().contains(Handled.name(stream, 7)));
    awaitAll(
        subscription,
        instance ->
            instance.state() == State.RUNNING
                && instance.parkedEvents() == 4
                && instance.lag().events() == 0);

    handled.accept(Handled.name(stream, 1));
    serializer.refused.remove(2);
    assertThat(get(subscription.replayParked())).isEqualTo(new ReplayedEvents(2, 0, 2));
    assertThat(get(subscription.parked())).extracting(ParkedEvent::version).containsExactly(3L, 6L);
    assertThat(handled.once()).contains(Handled.name(stream, 1), Handled.name(stream, 2));
  }

  /** Somebody who reads without a subscription can pass over what cannot be read. */
  @Test
  void saysWhereTheFeedGoesOnAfterWhatCannotBeRead() {
    String category = unique();
    Picky serializer = new Picky();
    serializer.refused.add(2);
    EventStore store = EventStore.builder(cluster.node(0).system()).serializer(serializer).start();
    appendValues(store, category + "-1", 1, 2, 3);
    FeedFilter filter = FeedFilter.all().category(category);
    UnreadableEventException unreadable =
        failure(
            store
                .readAll(filter, FeedOffset.beginning())
                .runWith(Sink.ignore(), cluster.node(0).system()),
            UnreadableEventException.class);
    assertThat(unreadable.streamId()).isEqualTo(category + "-1");
    assertThat(unreadable.version()).isEqualTo(2);
    assertThat(unreadable.type()).isEqualTo("Counted");
    assertThat(
            get(
                store
                    .readAll(filter, unreadable.offset().orElseThrow())
                    .map(event -> event.event().version())
                    .runWith(Sink.seq(), cluster.node(0).system())))
        .containsExactly(3L);
  }

  @Test
  void refusesAnotherNumberOfInstances() {
    String name = unique();
    Handled handled = new Handled();
    get(on(cluster.node(0), of(name).instances(2), handled).started());
    DurableSubscription other = on(cluster.node(1), of(name).instances(4), handled);
    assertThat(failure(other.started(), RejectedException.class))
        .hasMessageContainingAll(name, "2 instances", "started with 4", "another name");
    assertThat(failure(other.pause(), RejectedException.class)).hasMessageContaining(name);
    assertThatIllegalStateException()
        .isThrownBy(() -> on(cluster.node(0), of(name).instances(2), handled))
        .withMessageContainingAll(name, "already");
  }

  @Test
  void refusesNamesAndNumbersOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurableSubscription.named(""))
        .withMessageContaining("from 1 to 200");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurableSubscription.named("x".repeat(201)))
        .withMessageContaining("201");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurableSubscription.named("a\uD800b"))
        .withMessageContainingAll("subscription name", "surrogate");
    for (int instances : new int[] {0, -1, 3, 2_048}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DurableSubscription.named("x").instances(instances))
          .withMessageContainingAll("with " + instances + " instances", "divisor of 1024");
    }
  }

  @Test
  void refusesToBeginAtAnOffsetOfAnotherStore() {
    String name = unique();
    FeedOffset foreign = FeedOffset.parse("0123456789abcdef:2:1.2");
    DurableSubscription refused =
        on(cluster.node(0), DurableSubscription.named(name).from(foreign), new Handled());
    assertThat(failure(refused.started(), RejectedException.class))
        .hasMessageContainingAll(name, foreign.toString());
    String other = unique();
    DurableSubscription started = started(of(other), new Handled());
    assertThat(failure(started.reset(foreign), RejectedException.class))
        .hasCauseInstanceOf(ForeignOffsetException.class);
  }

  @Test
  void keepsNoOffsetOfAnInstanceThatWasSuperseded() {
    String name = unique();
    SubscriptionStore store = new SubscriptionStore(cluster.node(0).system(), "holdfast");
    UUID generation = get(store.register(name, 1, FeedOffset.beginning())).generation();
    UUID old = SubscriptionStore.newOwner();
    UUID next = SubscriptionStore.newOwner();
    assertThat(get(store.take(name, 0, old))).isEmpty();
    assertThat(get(store.keep(name, 0, old, at(generation, 7)))).isTrue();
    assertThat(get(store.take(name, 0, next)).orElseThrow().offset())
        .isEqualTo(FeedOffset.inSingleLog(7));
    assertThat(get(store.keep(name, 0, next, at(generation, 9)))).isTrue();
    assertThat(get(store.keep(name, 0, old, at(generation, 8)))).isFalse();
    assertThat(get(store.progress(name, 0)).orElseThrow().offset())
        .isEqualTo(FeedOffset.inSingleLog(9));
  }

  private static Progress at(UUID generation, long position) {
    return new Progress(
        generation, FeedOffset.inSingleLog(position), "RUNNING", 0, null, Instant.now());
  }

  @Test
  void stopsWhenSupersededAndGoesOnInANewInstance() {
    String category = unique();
    String stream = category + "-1";
    Handled handled = new Handled();
    DurableSubscription subscription = started(of(category), handled);
    append(cluster.store(0), stream, 12);
    eventually().until(() -> handled.all().size() == 12);
    SubscriptionStore store = new SubscriptionStore(cluster.node(0).system(), "holdfast");
    get(store.take(category, 0, SubscriptionStore.newOwner()));
    append(cluster.store(0), stream, 1);
    // The old one stops when it keeps its offset; a new one takes the row over.
    awaitAll(subscription, instance -> instance.lag().events() == 0);
    append(cluster.store(0), stream, 1);
    eventually().until(() -> handled.once().size() == 14);
    assertThat(handled.ofStream(stream)).containsExactlyElementsOf(events(stream, 1, 14));
    assertThat(handled.all()).hasSizeLessThanOrEqualTo(14 + CHECKPOINT_EVENTS);
  }

  @Test
  void standsInTheGuide() {
    Guide.assertStandsIn("subscriptions.md", DurableSubscriptionTest.class);
  }
}
