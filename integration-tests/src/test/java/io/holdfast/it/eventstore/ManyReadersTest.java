// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.OverloadedException;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.TestCluster;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many readers of large events at a node whose reads have little room. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyReadersTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final long MAX_READ_BYTES = 12 << 20;
  private static final String LARGE = "large";
  private static final String MIXED = "mixed";

  /** A few large events in each of many streams, after many small ones. */
  private static final String SPREAD = "spread";

  private static final int STREAMS = 60;
  private static final int EVENTS = 8;
  private static final int READERS = 40;
  private static final String TEXT = "x".repeat(1_000_000);

  private TestCluster cluster;
  private EventStore store;
  private CassandraStorage storage;

  @BeforeAll
  void start() {
    cluster =
        TestCluster.start(
            CASSANDRA,
            CASSANDRA.newKeyspaceName(),
            1,
            """
            holdfast.cassandra.max-read-bytes = %d
            holdfast.cassandra.read-queue-timeout = 1 s
            holdfast.event-store.max-read-bytes = 3 MiB
            holdfast.query.refresh-interval = 100 ms
            holdfast.snapshot-store { max-bytes = 64 MiB, chunk-size = 6 MiB }
            """
                .formatted(MAX_READ_BYTES));
    store = cluster.store(0);
    storage = new CassandraStorage(cluster.node(0).system());
    for (int i = 0; i < EVENTS; i++) {
      append(LARGE, TEXT);
    }
    // Nothing tells of the large ones, neither the first events nor the last one.
    for (int i = 0; i < 60; i++) {
      append(MIXED, i >= 40 && i < 50 ? TEXT : "small");
    }
    for (int i = 0; i < 500; i++) {
      append(SPREAD, "small");
    }
    for (int i = 0; i < STREAMS; i++) {
      append(SPREAD + "-" + i, TEXT);
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @AfterEach
  void theBudgetIsWhole() {
    await().until(() -> storage.heldReadBytes() == 0);
  }

  private void append(String streamId, String text) {
    get(store.append(AppendEventInput.of(streamId, NewEvent.of(typeOf(streamId), text))));
  }

  /** One for all streams of a kind. */
  private static String typeOf(String streamId) {
    return streamId.replaceAll("\\d", "");
  }

  /** All that is in the feed now, as it comes. */
  private Source<StreamDomainEvent<?>, NotUsed> current(FeedOffset from, String... types) {
    return store
        .readAll(FeedFilter.all().eventType(types), from)
        .<StreamDomainEvent<?>>map(FeedEvent::event);
  }

  private Source<StreamDomainEvent<?>, NotUsed> live(String type) {
    return store
        .subscribeAll(FeedFilter.all().eventType(type), FeedOffset.beginning())
        .<StreamDomainEvent<?>>map(FeedEvent::event);
  }

  /** A reader that keeps its first event until it is told to go on. */
  private final class Reader {
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CompletableFuture<Void> mayGoOn = new CompletableFuture<>();
    private final List<Long> versions = new CopyOnWriteArrayList<>();
    private final UniqueKillSwitch run;
    private final CompletionStage<Done> end;

    Reader(Source<StreamDomainEvent<?>, NotUsed> source) {
      Pair<UniqueKillSwitch, CompletionStage<Done>> running =
          source
              .viaMat(KillSwitches.single(), Keep.right())
              .mapAsync(1, this::take)
              .toMat(Sink.ignore(), Keep.both())
              .run(cluster.node(0).system());
      run = running.first();
      end = running.second();
      end.whenComplete(
          (done, failure) -> {
            if (failure != null) {
              first.completeExceptionally(failure);
            }
          });
    }

    private CompletionStage<Void> take(StreamDomainEvent<?> event) {
      versions.add(event.version());
      first.complete(null);
      return mayGoOn;
    }

    /** The failure instead of the first event, if there is one. */
    Optional<Throwable> failure() {
      return Optional.ofNullable(get(first.handle((taken, failure) -> failure)));
    }

    void takeAll() {
      mayGoOn.complete(null);
      get(end);
    }
  }

  private List<Reader> readers(Source<StreamDomainEvent<?>, NotUsed> source, int count) {
    return IntStream.range(0, count).mapToObj(i -> new Reader(source)).toList();
  }

  @Test
  void slowReadersGetOnOrAreToldThatTheNodeIsOverloaded() {
    List<Reader> readers = readers(store.streamEvents(LARGE, ReadStreamOptions.all()), READERS);
    List<Reader> gettingOn = theNodeIsOverloaded(readers, "stream 'large'");

    // What the node itself reads has its room, whoever is slow.
    append("another", "small");
    assertThat(get(store.readStream("another")).events()).hasSize(1);

    for (Reader reader : gettingOn) {
      reader.takeAll();
      assertThat(reader.versions).hasSize(EVENTS).isSorted();
    }
  }

  /** Each is somewhere else, so that they share nothing. */
  @Test
  void slowReadersOfTheFeedGetOnOrAreToldThatTheNodeIsOverloaded() {
    List<FeedOffset> offsets =
        get(
            store
                .readAll(FeedFilter.all().eventType(SPREAD + "-"), FeedOffset.beginning())
                .map(FeedEvent::offset)
                .runWith(Sink.seq(), cluster.node(0).system()));
    assertThat(offsets).hasSize(STREAMS);
    List<Reader> readers =
        IntStream.range(0, READERS)
            .mapToObj(i -> new Reader(current(offsets.get(i), SPREAD + "-")))
            .toList();
    for (Reader reader : theNodeIsOverloaded(readers, "stream 'spread-")) {
      reader.takeAll();
      assertThat(reader.versions).hasSize(STREAMS - 1 - readers.indexOf(reader));
    }
  }

  /** Answers those that get on. */
  private List<Reader> theNodeIsOverloaded(List<Reader> readers, String stream) {
    List<Reader> gettingOn = new ArrayList<>();
    List<Throwable> refused = new ArrayList<>();
    for (Reader reader : readers) {
      Optional<Throwable> failure = reader.failure();
      if (failure.isPresent()) {
        refused.add(failure.get());
      } else {
        gettingOn.add(reader);
      }
    }
    assertThat(gettingOn).isNotEmpty();
    assertThat(refused).isNotEmpty();
    assertThat(refused)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(OverloadedException.class)
                    .hasMessageContaining("holdfast.cassandra.max-read-bytes")
                    .hasMessageContaining(stream));
    assertThat(storage.heldReadBytes()).isPositive().isLessThanOrEqualTo(MAX_READ_BYTES);
    return gettingOn;
  }

  @Test
  void aReaderOfTheFeedThatHasMetSmallEventsTakesNoMoreRoomForLargeOnes() {
    List<Reader> readers = readers(current(FeedOffset.beginning(), SPREAD, SPREAD + "-"), 6);
    readers.forEach(reader -> reader.mayGoOn.complete(null));
    for (Reader reader : readers) {
      await()
          .until(
              () -> {
                assertThat(storage.heldReadBytes()).isLessThanOrEqualTo(MAX_READ_BYTES);
                return reader.end.toCompletableFuture().isDone();
              });
      reader.takeAll();
      assertThat(reader.versions).hasSize(500 + STREAMS);
    }
  }

  /** Those that are not behind share what they read; each makes something of its own of it. */
  @Test
  void readersOfTheFeedThatShareEventsHoldThemUntilTheLastOneIsDone() {
    List<Reader> readers = readers(live("shared"), 4);
    append("shared", TEXT);
    assertThat(readers).allSatisfy(reader -> assertThat(reader.failure()).isEmpty());
    assertThat(storage.heldReadBytes()).isGreaterThan(4L * TEXT.length());
    readers.subList(0, 3).forEach(reader -> reader.run.shutdown());
    // The read that they shared, and the last reader's own copy.
    await().until(() -> storage.heldReadBytes() <= 4L * TEXT.length() + 100_000);
    assertThat(storage.heldReadBytes()).isGreaterThan(TEXT.length());
    readers.get(3).run.shutdown();
  }

  @Test
  void readersThatEndEarlyGiveTheirRoomBack() {
    for (int round = 0; round < 3; round++) {
      List<Reader> readers = readers(store.streamEvents(LARGE, ReadStreamOptions.all()), READERS);
      assertThat(readers).anySatisfy(reader -> assertThat(reader.failure()).isEmpty());
      readers.forEach(reader -> reader.run.shutdown());
      theBudgetIsWhole();
    }
  }

  @Test
  void aReaderThatFailsGivesItsRoomBack() {
    CompletableFuture<?> read =
        store
            .streamEvents(LARGE, ReadStreamOptions.all())
            .map(
                event -> {
                  throw new IllegalArgumentException("of the reader");
                })
            .runWith(Sink.ignore(), cluster.node(0).system())
            .toCompletableFuture();
    await().until(read::isCompletedExceptionally);
  }

  @Test
  void subscribersWaitForEachOther() {
    waitForEachOther(store.subscribeToStream(LARGE, 1));
  }

  @Test
  void subscribersToTheFeedWaitForEachOther() {
    waitForEachOther(live(LARGE));
    waitForEachOther(live(SPREAD + "-"));
  }

  private void waitForEachOther(Source<StreamDomainEvent<?>, NotUsed> source) {
    List<Reader> readers = readers(source, READERS);
    List<Reader> waiting = new ArrayList<>(readers);
    while (!waiting.isEmpty()) {
      await().until(() -> waiting.stream().anyMatch(reader -> reader.first.isDone()));
      List<Reader> taken = waiting.stream().filter(reader -> reader.first.isDone()).toList();
      assertThat(taken).allSatisfy(reader -> assertThat(reader.failure()).isEmpty());
      taken.forEach(reader -> reader.run.shutdown());
      waiting.removeAll(taken);
    }
  }

  @Test
  void smallEventsBetweenLargeOnesAreReadWhole() {
    List<Reader> readers = readers(store.streamEvents(MIXED, ReadStreamOptions.all()), 4);
    readers.forEach(Reader::takeAll);
    assertThat(readers).allSatisfy(reader -> assertThat(reader.versions).hasSize(60).isSorted());
    Reader backwards = new Reader(store.streamEvents(MIXED, ReadStreamOptions.all().reversed()));
    backwards.takeAll();
    assertThat(backwards.versions).hasSize(60).startsWith(60L).endsWith(1L);
  }

  @Test
  void aResultIsBoundedInBytes() {
    ReadStreamResult first = get(store.readStream(LARGE));
    assertThat(first.events()).hasSize(3);
    assertThat(first.continueFrom()).hasValue(4);
    List<CompletableFuture<ReadStreamResult>> all =
        IntStream.range(0, READERS)
            .mapToObj(
                i ->
                    store
                        .readStream(LARGE, ReadStreamOptions.all().fromVersion(4))
                        .toCompletableFuture())
            .toList();
    for (CompletableFuture<ReadStreamResult> read : all) {
      Object answer = get(read.handle((result, failure) -> failure == null ? result : failure));
      if (answer instanceof ReadStreamResult result) {
        assertThat(result.events()).hasSize(3);
      } else {
        assertThat(answer).isInstanceOf(OverloadedException.class);
      }
    }
  }

  @Test
  void replaysOfManyActorsWaitForEachOther() {
    ActorSystem system = Adapter.toClassic(cluster.node(0).system());
    ActorRef journal =
        Persistence.get(system).journalFor("holdfast.journal", ConfigFactory.empty());
    List<TestKit> actors = IntStream.range(0, READERS).mapToObj(i -> new TestKit(system)).toList();
    for (TestKit actor : actors) {
      journal.tell(
          new JournalProtocol.ReplayMessages(
              1, Long.MAX_VALUE, Long.MAX_VALUE, LARGE, actor.getRef()),
          ActorRef.noSender());
    }
    for (TestKit actor : actors) {
      for (int i = 0; i < EVENTS; i++) {
        assertThat(actor.receiveOne(Patience.LIMIT))
            .isInstanceOf(JournalProtocol.ReplayedMessage.class);
      }
      assertThat(actor.receiveOne(Patience.LIMIT))
          .isInstanceOf(JournalProtocol.RecoverySuccess.class);
    }
  }

  @Test
  void snapshotsLargerThanTheRoomAreLoadedOneAfterTheOther() {
    loadAtOnce("in-chunks", "s".repeat(10_000_000), 12);
  }

  /** Their rows are larger than what a row is taken to have. */
  @Test
  void snapshotsOfOneLargeRowAreLoadedOneAfterTheOther() {
    loadAtOnce("in-a-row", "s".repeat(5_000_000), 12);
  }

  private void loadAtOnce(String persistenceId, String state, int actorsAtOnce) {
    ActorSystem system = Adapter.toClassic(cluster.node(0).system());
    ActorRef snapshots =
        Persistence.get(system).snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
    TestKit probe = new TestKit(system);
    snapshots.tell(
        new SnapshotProtocol.SaveSnapshot(SnapshotMetadata.apply(persistenceId, 1), state),
        probe.getRef());
    assertThat(probe.receiveOne(Patience.LIMIT)).isInstanceOf(SaveSnapshotSuccess.class);
    List<TestKit> actors =
        IntStream.range(0, actorsAtOnce).mapToObj(i -> new TestKit(system)).toList();
    for (TestKit actor : actors) {
      snapshots.tell(
          new SnapshotProtocol.LoadSnapshot(
              persistenceId, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE),
          actor.getRef());
    }
    for (TestKit actor : actors) {
      Object answer = actor.receiveOne(Patience.LIMIT);
      assertThat(answer).isInstanceOf(SnapshotProtocol.LoadSnapshotResult.class);
      assertThat(((SnapshotProtocol.LoadSnapshotResult) answer).snapshot().get().snapshot())
          .isEqualTo(state);
    }
  }
}
