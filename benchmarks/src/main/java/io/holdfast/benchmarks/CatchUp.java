// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * How fast a query by tag that ends reads all events of one tag from the beginning, of a thousand
 * streams whose batches take turns.
 */
final class CatchUp {
  private static final String TAG = "catch-up";
  private static final int STREAMS = 1_000;
  private static final int BATCHES_IN_FLIGHT = 32;
  private static final long ANSWER_SECONDS = 60;
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(15);

  /** What was acknowledged need not be in the index yet; a run that lacks something is repeated. */
  private static final int MAX_RUNS = 10;

  private final String name;
  private final WriterSystem writers;
  private final TagQueries queries;

  /**
   * Both, for one keyspace.
   *
   * @param name to report progress under
   */
  CatchUp(String name, WriterSystem writers, TagQueries queries) {
    this.name = name;
    this.writers = writers;
    this.queries = queries;
  }

  /** Before it ends, all events are acknowledged. Once for a keyspace. */
  void write(int events, int batchEvents) throws Exception {
    // The tables are created, before many actors wait for that.
    writers.measure(1, Duration.ofSeconds(1));
    List<ActorRef<EventWriter.Write>> streams = new ArrayList<>();
    Semaphore idle = new Semaphore(BATCHES_IN_FLIGHT);
    long start = System.nanoTime();
    int nextReport = events / 5;
    for (int written = 0, batch = 0; written < events; batch++) {
      int size = Math.min(batchEvents, events - written);
      acquire(idle, 1, written);
      if (batch < STREAMS) {
        streams.add(writers.writer(TAG + "-" + batch, Set.of(TAG)));
      }
      streams.get(batch % STREAMS).tell(new EventWriter.Write(size, sequenceNr -> idle.release()));
      written += size;
      if (written >= nextReport) {
        nextReport += Math.max(1, events / 5);
        System.err.printf(
            "%s: %,d of %,d events written, %,.0f a second%n",
            name, written, events, written * 1e9 / (System.nanoTime() - start));
      }
    }
    acquire(idle, BATCHES_IN_FLIGHT, events);
  }

  private void acquire(Semaphore idle, int batches, int written) throws InterruptedException {
    if (!idle.tryAcquire(batches, ANSWER_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "%s: after %,d events, no batch was acknowledged within %d s; see the errors above"
              .formatted(name, written, ANSWER_SECONDS));
    }
  }

  /** Answers how many events a second it read, after a short warm-up. */
  double read(int events) throws Exception {
    count(events / 20);
    for (int run = 1; ; run++) {
      long start = System.nanoTime();
      long found = count(Long.MAX_VALUE);
      double perSecond = found * 1e9 / (System.nanoTime() - start);
      System.err.printf("%s: %,d events read, %,.0f a second%n", name, found, perSecond);
      if (found == events) {
        return perSecond;
      } else if (run == MAX_RUNS) {
        throw new IllegalStateException(
            "%s: %,d events were written and %,d read".formatted(name, events, found));
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private long count(long limit) throws Exception {
    return queries
        .current(TAG)
        .take(limit)
        .runWith(Sink.fold(0L, (count, envelope) -> count + 1), queries.system().system())
        .toCompletableFuture()
        .get(READ_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }
}
