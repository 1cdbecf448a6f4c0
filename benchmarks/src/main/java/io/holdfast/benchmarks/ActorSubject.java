// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.stream.javadsl.Sink;

/** Typed persistent actors on a journal, which are told what to persist and never asked. */
final class ActorSubject implements Subject {
  private final WriterSystem system;
  private final CurrentEventsByPersistenceIdQuery queries;
  private final Set<Load.StoredStreams> prepared = new HashSet<>();
  private int occupations;

  /**
   * A subject.
   *
   * @param system is closed with it
   * @param queries of the journal
   */
  ActorSubject(WriterSystem system, CurrentEventsByPersistenceIdQuery queries) {
    this.system = system;
    this.queries = queries;
  }

  @Override
  public void prepare(Load load) throws Exception {
    if (load instanceof Load.Recover recover) {
      store(recover.stored());
    } else if (load instanceof Load.Read read) {
      store(read.stored());
    }
  }

  private void store(Load.StoredStreams stored) throws Exception {
    if (!prepared.add(stored)) {
      return;
    }
    List<ActorRef<EventWriter.Write>> writers = new ArrayList<>();
    int chunks = stored.chunks();
    Bulk.send(
        stored.streams() * chunks,
        request -> {
          if (request % chunks == 0) {
            writers.add(system.writer(stored.id(request / chunks), Set.of()));
          }
          return write(writers.get(request / chunks), stored.chunkEvents(request % chunks));
        });
    stop(writers);
  }

  private static CompletionStage<?> write(ActorRef<EventWriter.Write> writer, int events) {
    CompletableFuture<Long> written = new CompletableFuture<>();
    writer.tell(new EventWriter.Write(events, written::complete));
    return written;
  }

  private void stop(List<ActorRef<EventWriter.Write>> writers) throws Exception {
    Bulk.send(writers.size(), writer -> system.stop(writers.get(writer)));
    writers.clear();
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    if (load instanceof Load.Append append) {
      return Figures.of(system.measure(append, window), append.events());
    } else if (load instanceof Load.Recover recover) {
      return Figures.of("actors/s", system.measure(load, window), recover.stored().events());
    } else if (load instanceof Load.Read read) {
      return read(read, window);
    } else if (load instanceof Load.Occupy occupy) {
      return occupy(occupy.streams());
    }
    throw Subject.cannot(this, load);
  }

  private Figures read(Load.Read read, Duration window) throws Exception {
    Load.StoredStreams stored = read.stored();
    int[] next = new int[read.inFlight()];
    Measurement measurement =
        ClosedLoop.measure(
            read.inFlight(),
            system.recorder(window),
            place -> readAll(stored, (place + read.inFlight() * next[place]++) % stored.streams()));
    return Figures.of("streams/s", measurement, stored.events());
  }

  private CompletionStage<?> readAll(Load.StoredStreams stored, int stream) {
    return queries
        .currentEventsByPersistenceId(stored.id(stream), 0, Long.MAX_VALUE)
        .runWith(Sink.fold(0, (count, event) -> count + 1), system.system())
        .thenAccept(count -> stored.requireAll(stream, count));
  }

  private Figures occupy(int count) throws Exception {
    String name = "occupy-" + occupations++ + "-";
    long before = UsedHeap.bytes();
    List<ActorRef<EventWriter.Write>> writers = new ArrayList<>();
    Bulk.send(
        count,
        number -> {
          writers.add(system.writer(name + number, Set.of()));
          return write(writers.get(number), 1);
        });
    long active = UsedHeap.bytes();
    stop(writers);
    return Figures.ofMemory(count, active - before, UsedHeap.bytes() - before);
  }

  @Override
  public void close() {
    system.close();
  }
}
