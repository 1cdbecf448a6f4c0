// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.subscription.DurableSubscription;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.ForeignOffsetException;
import io.holdfast.it.TestCluster;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import io.holdfast.testkit.InMemoryEventStore;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two stores in one actor system, each with a keyspace of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralStoresTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private final String keyspace1 = CASSANDRA.newKeyspaceName();
  private final String keyspace2 = CASSANDRA.newKeyspaceName();
  private TestCluster cluster;
  private ActorSystem<Void> system;
  private EventStore first;
  private EventStore second;

  @BeforeAll
  void start() {
    cluster =
        TestCluster.start(
            CASSANDRA,
            keyspace1,
            1,
            """
            tenant2 = ${holdfast} { cassandra.keyspace = "%s", event-store.max-batch-events = 2 }
            the.same = ${holdfast}
            greedy = ${holdfast} { cassandra { keyspace = greedy, max-read-bytes = 1 GiB } }
            crossed = ${tenant2} { cassandra.keyspace = crossed, event-store.journal = "tenant2.journal" }
            """
                .formatted(keyspace2));
    system = cluster.node(0).system();
    first = cluster.store(0);
    second = EventStore.builder(system).config("tenant2").start();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static void append(EventStore store, String stream, String payload) {
    get(store.append(AppendEventInput.of(stream, "Told", payload)));
  }

  private static List<String> read(EventStore store, String stream) {
    return get(store.readStream(stream)).events().stream()
        .map(event -> String.valueOf(event.payload()))
        .toList();
  }

  private List<FeedEvent> readAll(EventStore store, String category) {
    return get(
        store
            .readAll(FeedFilter.all().category(category), FeedOffset.beginning())
            .runWith(Sink.seq(), system));
  }

  private static long rows(String keyspace, String table, String where) {
    return CASSANDRA
        .session()
        .execute(
            "SELECT count(*) FROM %s.%s WHERE %s ALLOW FILTERING".formatted(keyspace, table, where))
        .one()
        .getLong(0);
  }

  @Test
  void keepTheStreamsOfOneNameApart() {
    append(first, "both-1", "1");
    append(second, "both-1", "2");
    append(second, "both-1", "3");
    assertThat(read(first, "both-1")).hasSize(1);
    assertThat(read(second, "both-1")).hasSize(2);
    assertThat(get(first.getStreamVersion("both-1"))).isEqualTo(1);
    assertThat(get(second.getStreamVersion("both-1"))).isEqualTo(2);
    assertThat(get(second.subscribeToStream("both-1", 2).take(1).runWith(Sink.seq(), system)))
        .hasSize(1);
    assertThat(rows(keyspace1, "events", "persistence_id = 'both-1'")).isEqualTo(1);
    assertThat(rows(keyspace2, "events", "persistence_id = 'both-1'")).isEqualTo(2);
    assertThat(first.config()).isEqualTo("holdfast");
    assertThat(second.config()).isEqualTo("tenant2");
  }

  @Test
  void haveAFeedEachAndRefuseTheOthersOffsets() {
    append(first, "fed-1", "1");
    append(second, "fed-1", "2");
    append(second, "fed-2", "3");
    assertThat(readAll(first, "fed")).hasSize(1);
    List<FeedEvent> all = readAll(second, "fed");
    assertThat(all).hasSize(2);
    FeedOffset ofSecond = all.get(0).offset();
    assertThat(
            failure(
                first.subscribeAll(FeedFilter.all(), ofSecond).runWith(Sink.seq(), system),
                RejectedException.class))
        .hasCauseInstanceOf(ForeignOffsetException.class);
  }

  /** Persists what it is told, with a snapshot each time. */
  private static final class Teller extends EventSourcedBehavior<Teller.Tell, String, String> {
    record Tell(String text, ActorRef<String> replyTo) {}

    private final String store;

    private Teller(String id, String store) {
      super(PersistenceId.ofUniqueId(id));
      this.store = store;
    }

    static Behavior<Tell> create(String id, String store) {
      return new Teller(id, store);
    }

    @Override
    public String journalPluginId() {
      return store + ".journal";
    }

    @Override
    public String snapshotPluginId() {
      return store + ".snapshot-store";
    }

    @Override
    public boolean shouldSnapshot(String state, String event, long sequenceNr) {
      return true;
    }

    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<Tell, String, String> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onCommand(
              Tell.class,
              tell -> Effect().persist(tell.text()).thenReply(tell.replyTo(), state -> state))
          .build();
    }

    @Override
    public EventHandler<String, String> eventHandler() {
      return newEventHandlerBuilder().forAnyState().onAnyEvent((state, event) -> state + event);
    }
  }

  private String tell(String id, String store, String text) {
    ActorRef<Teller.Tell> teller =
        system.systemActorOf(
            Teller.create(id, store), "teller-" + store + "-" + text, Props.empty());
    CompletionStage<String> state =
        AskPattern.ask(
            teller, replyTo -> new Teller.Tell(text, replyTo), Patience.LIMIT, system.scheduler());
    return get(state);
  }

  private List<String> events(String store, String id) {
    HoldfastReadJournal queries =
        PersistenceQuery.get(system).getReadJournalFor(HoldfastReadJournal.class, store + ".query");
    List<EventEnvelope<String>> all =
        get(
            queries
                .<String>currentAllEvents(FeedFilter.all(), Offset.noOffset())
                .filter(event -> event.persistenceId().equals(id))
                .runWith(Sink.seq(), system));
    assertThat(
            get(
                queries
                    .currentEventsByPersistenceId(id, 1, Long.MAX_VALUE)
                    .runWith(Sink.seq(), system)))
        .hasSameSizeAs(all);
    assertThat(get(queries.currentPersistenceIds().runWith(Sink.seq(), system))).contains(id);
    return all.stream().map(EventEnvelope::event).toList();
  }

  @Test
  void keepEventsAndSnapshotsOfPersistentActorsApart() {
    assertThat(tell("teller", "holdfast", "a")).isEqualTo("a");
    assertThat(tell("teller", "tenant2", "b")).isEqualTo("b");
    assertThat(tell("teller", "tenant2", "c")).isEqualTo("bc");
    assertThat(events("holdfast", "teller")).containsExactly("a");
    assertThat(events("tenant2", "teller")).containsExactly("b", "c");
    await().until(() -> rows(keyspace2, "snapshots", "persistence_id = 'teller'") == 2);
    await().until(() -> rows(keyspace1, "snapshots", "persistence_id = 'teller'") == 1);
  }

  @Test
  void keepDurableSubscriptionsOfOneNameApart() {
    append(first, "kept-1", "1");
    append(second, "kept-1", "2");
    append(second, "kept-2", "3");
    Queue<String> ofFirst = new ConcurrentLinkedQueue<>();
    Queue<String> ofSecond = new ConcurrentLinkedQueue<>();
    get(subscribe(first, ofFirst).started());
    get(subscribe(second, ofSecond).started());
    await()
        .untilAsserted(
            () -> {
              assertThat(ofFirst).containsExactly("kept-1");
              assertThat(ofSecond).containsExactly("kept-1", "kept-2");
            });
    assertThat(rows(keyspace1, "subscriptions", "name = 'kept'")).isEqualTo(1);
    assertThat(rows(keyspace2, "subscriptions", "name = 'kept'")).isEqualTo(1);
  }

  private DurableSubscription subscribe(EventStore store, Queue<String> to) {
    return DurableSubscription.named("kept")
        .filter(FeedFilter.all().category("kept"))
        .start(
            system,
            store,
            event -> {
              to.add(event.event().streamId());
              return CompletableFuture.completedFuture(Done.getInstance());
            });
  }

  @Test
  void nameTheirOwnSettingsInMessages() {
    assertThat(
            failure(
                second.append(AppendEventInput.of("a".repeat(501), "Told", "1")),
                RejectedException.class))
        .hasMessageContaining("tenant2.event-store.max-id-length");
    List<NewEvent<String>> three = Collections.nCopies(3, NewEvent.of("Told", "1"));
    assertThat(
            failure(
                second.appendBatch(AppendBatchInput.of("batch-1", three)), RejectedException.class))
        .hasMessageContaining("tenant2.event-store.max-batch-events");
  }

  @Test
  void refusesAStoreThatWouldBeAnothersOrNone() {
    assertThatIllegalStateException()
        .isThrownBy(() -> EventStore.builder(system).config("the.same").start())
        .withMessageContainingAll("the.same.cassandra.keyspace = " + keyspace1, "'holdfast'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventStore.builder(system).config("nowhere").start())
        .withMessageContainingAll("nowhere", "'cassandra'", "${holdfast}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventStore.builder(system).config("greedy").start())
        .withMessageContainingAll("greedy.cassandra.max-read-bytes", "holdfast.cassandra");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventStore.builder(system).config("crossed").start())
        .withMessageContainingAll("crossed.event-store.journal = tenant2.journal", "config(");
    assertThatIllegalStateException()
        .isThrownBy(() -> InMemoryEventStore.builder().config("tenant2"))
        .withMessageContaining("in memory");
  }
}
