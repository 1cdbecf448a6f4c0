// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.serialization.JsonEventSerializer;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Holdfast's event store: its Java API, over sharded streams. */
final class EventStoreSubject implements Subject {
  /** As JSON, as large as the events of the persistent actors. */
  record Written(String text) {
    static final Written VALUE =
        new Written("x".repeat(EventWriter.EVENT_BYTES - "{\"text\":\"\"}".length()));
  }

  private static final long ANSWER_SECONDS = 60;

  /** From when a stream is told to stop until its next message starts it again. */
  private static final long STOP_MILLIS = 50;

  /** So long after it was told to stop, the last of many streams has ended. */
  private static final long STOP_ALL_MILLIS = 3_000;

  private final StoreCluster cluster;
  private final EventStore store;
  private final EntityTypeKey<StreamCommand> streams;
  private final Map<Load.Append, StreamChooser> choosers = new HashMap<>();
  private final Set<Load.StoredStreams> prepared = new HashSet<>();
  private int occupations;

  private EventStoreSubject(StoreCluster cluster) {
    this.cluster = cluster;
    store = cluster.store();
    streams =
        EntityTypeKey.create(
            StreamCommand.class,
            cluster.system().settings().config().getString("holdfast.event-store.entity-type"));
  }

  static EventStoreSubject start(Contact cassandra, String keyspace, int nodes)
      throws InterruptedException {
    return new EventStoreSubject(
        StoreCluster.start(
            cassandra,
            keyspace,
            nodes,
            JsonEventSerializer.builder().register(Written.class).build()));
  }

  @Override
  public void prepare(Load load) throws Exception {
    if (load instanceof Load.Read read) {
      store(read.stored());
    } else if (load instanceof Load.GetVersion getVersion) {
      store(getVersion.stored());
    } else if (load instanceof Load.Activate activate) {
      store(activate.stored());
    }
  }

  private void store(Load.StoredStreams stored) throws Exception {
    if (!prepared.add(stored)) {
      return;
    }
    int chunks = stored.chunks();
    Bulk.send(
        stored.streams() * chunks,
        request -> append(stored.id(request / chunks), stored.chunkEvents(request % chunks)));
  }

  private long version(String stream) throws Exception {
    return store
        .getStreamVersion(stream)
        .toCompletableFuture()
        .get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    if (load instanceof Load.Append append) {
      return append(append, window);
    } else if (load instanceof Load.Read read) {
      return Figures.of(
          "streams/s",
          inTurn(read.stored(), read.inFlight(), window, this::readAll),
          read.stored().events());
    } else if (load instanceof Load.GetVersion getVersion) {
      return Figures.of(
          inTurn(
              getVersion.stored(),
              getVersion.inFlight(),
              window,
              (stored, stream) -> store.getStreamVersion(stored.id(stream))),
          1);
    } else if (load instanceof Load.Activate activate) {
      return activate(activate.stored(), window);
    } else if (load instanceof Load.Occupy occupy) {
      return occupy(occupy.streams());
    }
    throw Subject.cannot(this, load);
  }

  private Figures append(Load.Append append, Duration window) throws Exception {
    StreamChooser chooser = choosers.computeIfAbsent(append, StreamChooser::of);
    String prefix =
        "%s-%d-%d-%d-"
            .formatted(append.choice(), append.streams(), append.inFlight(), append.events());
    return Figures.of(
        ClosedLoop.measure(
            append.inFlight(),
            cluster.recorder(window),
            place -> append(prefix + chooser.next(place), append.events())),
        append.events());
  }

  private CompletionStage<?> append(String stream, int events) {
    NewEvent<Written> event = NewEvent.of(Written.VALUE);
    return events == 1
        ? store.append(AppendEventInput.of(stream, event))
        : store.appendBatch(AppendBatchInput.of(stream, Collections.nCopies(events, event)));
  }

  /** What is to be done with a stream. */
  private interface Request {
    CompletionStage<?> send(Load.StoredStreams stored, int stream);
  }

  private Measurement inTurn(
      Load.StoredStreams stored, int inFlight, Duration window, Request request) throws Exception {
    int[] next = new int[inFlight];
    return ClosedLoop.measure(
        inFlight,
        cluster.recorder(window),
        place -> request.send(stored, (place + inFlight * next[place]++) % stored.streams()));
  }

  private CompletionStage<?> readAll(Load.StoredStreams stored, int stream) {
    return readFrom(stored.id(stream), 1).thenAccept(count -> stored.requireAll(stream, count));
  }

  /** Answers how many events there were. */
  private CompletionStage<Long> readFrom(String stream, long version) {
    return store
        .readStream(stream, ReadStreamOptions.all().fromVersion(version))
        .thenCompose(
            read -> {
              long found = read.events().size();
              return read.continueFrom().isPresent()
                  ? readFrom(stream, read.continueFrom().getAsLong())
                      .thenApply(more -> found + more)
                  : CompletableFuture.completedFuture(found);
            });
  }

  private Figures activate(Load.StoredStreams stored, Duration window) throws Exception {
    Measurement.Recorder recorder = cluster.recorder(window);
    for (int request = 0; recorder.isOpen(); request++) {
      String stream = stored.id(request % stored.streams());
      stop(stream);
      TimeUnit.MILLISECONDS.sleep(STOP_MILLIS);
      long start = System.nanoTime();
      stored.requireAll(request % stored.streams(), version(stream));
      recorder.record(System.nanoTime() - start);
    }
    return Figures.ofLatencies(recorder.close());
  }

  private void stop(String stream) {
    ClusterSharding.get(cluster.system())
        .entityRefFor(streams, stream)
        .tell(StreamCommand.Stop.INSTANCE);
  }

  private Figures occupy(int count) throws Exception {
    String name = "occupy-" + occupations++ + "-";
    long before = UsedHeap.bytes();
    Bulk.send(count, number -> append(name + number, 1));
    long active = UsedHeap.bytes();
    for (int number = 0; number < count; number++) {
      stop(name + number);
    }
    TimeUnit.MILLISECONDS.sleep(STOP_ALL_MILLIS);
    return Figures.ofMemory(count, active - before, UsedHeap.bytes() - before);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
