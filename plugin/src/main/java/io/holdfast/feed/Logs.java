// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.RegisteredWriter;
import io.holdfast.fence.WriterList;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the readers of one actor system share: the list of writers, and the latest rows of their
 * logs. While there are readers, the ends of the logs are read in each interval, once for all of
 * them; rows that this system writes itself are known without that. Whoever is further behind reads
 * for himself, as all do of logs that have ended. Thread-safe.
 */
final class Logs {
  private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

  /** So often it is looked up whether writers have retired. */
  private static final Duration RETIREMENT_INTERVAL = Duration.ofSeconds(10);

  private static final int MAX_ROWS = 1_000;
  private static final int MAX_ENTRIES = 20_000;

  /** The latest rows of a log that has not ended, as far as they were read. */
  private static final class Tail {
    final List<LogRow> rows = new ArrayList<>();
    int entries;
    long end;

    /** What is being read from a position on, at which the end was; it may have moved since. */
    @Nullable CompletableFuture<List<LogRow>> reading;

    long readFrom;

    Tail(long end) {
      this.end = end;
    }

    void add(List<LogRow> more) {
      for (LogRow row : more) {
        if (row.position() == end) {
          rows.add(row);
          entries += row.entries().size();
          end++;
        }
      }
      int surplus = 0;
      while (rows.size() - surplus > MAX_ROWS || (entries > MAX_ENTRIES && surplus < rows.size())) {
        entries -= rows.get(surplus++).entries().size();
      }
      rows.subList(0, surplus).clear();
    }
  }

  private final ActorSystem system;
  private final CassandraStorage storage;
  private final Duration pollInterval;

  private volatile KnownWriters writers = new KnownWriters();

  private final Map<UUID, Tail> tails = new HashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private boolean polling;
  private long lastLookForRetired = System.nanoTime();

  Logs(ActorSystem system, CassandraStorage storage, Duration pollInterval) {
    this.system = system;
    this.storage = storage;
    this.pollInterval = pollInterval;
    storage.onLogRow(this::written);
  }

  /** Calls the listener whenever there may be more to read, until {@link #forget}. */
  void listen(Runnable listener) {
    listeners.add(listener);
    boolean begin;
    synchronized (this) {
      begin = !polling;
      polling = true;
    }
    if (begin) {
      pollLater();
    }
  }

  void forget(Runnable listener) {
    listeners.remove(listener);
  }

  /** All writers, as of now. */
  CompletionStage<KnownWriters> readWriters() {
    return readRetired()
        .thenCompose(
            ended ->
                readNewWriters(writers)
                    .thenApply(
                        more -> {
                          // The others may have more to read, too.
                          if (ended || more) {
                            tell();
                          }
                          return writers;
                        }));
  }

  /** The writers that are known; others if the list is not the one any more that was read. */
  KnownWriters writers() {
    return writers;
  }

  /**
   * Looks for a writer that a row refers to. It has been on the list; if it is not, somebody has
   * deleted its entry, and it comes to the end of the list.
   */
  CompletionStage<KnownWriters> find(UUID writer) {
    return readWriters()
        .thenCompose(
            known -> {
              if (known.numberOf(writer).isPresent()) {
                return completedFuture(known);
              }
              LOG.warn(
                  "Writer {} has logged, but its entry in the table 'writers' is gone; it is made again, with a number of its own",
                  writer);
              return new WriterList(storage)
                  .register(writer, Instant.now())
                  .thenCompose(number -> readWriters());
            });
  }

  /**
   * The latest rows of a log from a position on, none if that is its end.
   *
   * @return empty if they are to be {@linkplain #read read}
   */
  synchronized Optional<List<LogRow>> latest(UUID writer, long from) {
    Tail tail = tails.get(writer);
    if (tail == null) {
      return Optional.empty();
    }
    long begin = tail.end - tail.rows.size();
    return from < begin || from > tail.end
        ? Optional.empty()
        : Optional.of(List.copyOf(tail.rows.subList((int) (from - begin), tail.rows.size())));
  }

  /** Reads rows of a log from a position on; none only if the first is not there. */
  CompletionStage<List<LogRow>> read(UUID writer, long from) {
    CompletableFuture<List<LogRow>> joined;
    synchronized (this) {
      Tail tail = tails.get(writer);
      boolean isOther = tail != null && tail.reading != null && tail.readFrom != from;
      if (tail == null || tail.end != from || isOther) {
        return storage
            .readLog(writer, from)
            .thenApply(
                rows -> {
                  if (note(writer, from, rows)) {
                    tell();
                  }
                  return rows;
                });
      }
      joined = tail.reading;
      if (joined != null) {
        return joined;
      }
      joined = new CompletableFuture<>();
      tail.reading = joined;
      tail.readFrom = from;
    }
    return readOn(writer, from, joined);
  }

  private CompletionStage<List<LogRow>> readOn(
      UUID writer, long from, CompletableFuture<List<LogRow>> result) {
    storage
        .readLog(writer, from)
        .whenComplete(
            (rows, failure) -> {
              synchronized (this) {
                Tail tail = tails.get(writer);
                if (tail != null) {
                  tail.reading = null;
                  tail.add(failure == null ? rows : List.of());
                }
              }
              if (failure == null) {
                result.complete(rows);
              } else {
                result.completeExceptionally(FenceException.causeOf(failure));
              }
            });
    return result;
  }

  /**
   * What somebody has read for himself may be later than what is known: answers whether it is, and
   * the others have to hear of it.
   */
  private synchronized boolean note(UUID writer, long from, List<LogRow> rows) {
    Tail tail = tails.get(writer);
    long end = from + rows.size();
    if (!writers.isLiving(writer) || (tail != null && tail.end >= end)) {
      return false;
    }
    Tail later = new Tail(from);
    later.add(rows);
    if (tail != null) {
      later.reading = tail.reading;
      later.readFrom = tail.readFrom;
    }
    tails.put(writer, later);
    return tail != null;
  }

  private void written(UUID writer, LogRow row) {
    boolean isNews;
    synchronized (this) {
      Tail tail = tails.get(writer);
      isNews = tail != null && tail.end == row.position();
      if (tail != null && isNews) {
        tail.add(List.of(row));
      }
    }
    if (isNews) {
      tell();
    }
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  private void pollLater() {
    system.scheduler().scheduleOnce(pollInterval, this::poll, system.dispatcher());
  }

  private void poll() {
    List<CompletableFuture<Boolean>> reads = new ArrayList<>();
    synchronized (this) {
      if (listeners.isEmpty()) {
        // Nobody learns of what is written from now on: nothing of it must be taken for the latest.
        polling = false;
        tails.clear();
        return;
      }
    }
    KnownWriters known = writers;
    reads.add(readNewWriters(known).toCompletableFuture());
    if (System.nanoTime() - lastLookForRetired > RETIREMENT_INTERVAL.toNanos()) {
      lastLookForRetired = System.nanoTime();
      reads.add(readRetired().toCompletableFuture());
    }
    for (RegisteredWriter writer : known.living()) {
      OptionalLong end = endOf(writer);
      if (end.isPresent()) {
        reads.add(
            read(writer.id(), end.getAsLong())
                .thenApply(rows -> !rows.isEmpty())
                .toCompletableFuture());
      }
    }
    CompletionStage<Void> all = CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new));
    all.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.debug("Could not read the ends of the logs; it is tried again", failure);
          }
          boolean isNews =
              reads.stream().anyMatch(read -> !read.isCompletedExceptionally() && read.join());
          if (isNews) {
            tell();
          }
          pollLater();
        });
  }

  private synchronized OptionalLong endOf(RegisteredWriter writer) {
    Tail tail = tails.get(writer.id());
    return tail == null ? OptionalLong.empty() : OptionalLong.of(tail.end);
  }

  /** Answers whether there are new ones. */
  private CompletionStage<Boolean> readNewWriters(KnownWriters known) {
    return storage
        .readWriters(known.last() + 1)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return completedFuture(false);
              }
              known.add(found);
              return readNewWriters(known).thenApply(more -> true);
            });
  }

  /** Answers whether some have retired, or the list is another one. */
  private CompletionStage<Boolean> readRetired() {
    KnownWriters known = writers;
    Set<Long> numbers = new TreeSet<>();
    known.living().forEach(writer -> numbers.add(writer.number()));
    if (known.last() >= RegisteredWriter.FIRST_NUMBER) {
      numbers.add(known.last());
    }
    CompletionStage<Boolean> changed = completedFuture(false);
    for (long number : numbers) {
      changed =
          storage
              .readWriter(number)
              .thenApply(found -> check(known, known.get(number), found))
              .thenCombine(changed, Boolean::logicalOr);
    }
    return changed;
  }

  private synchronized boolean check(
      KnownWriters known, RegisteredWriter writer, Optional<RegisteredWriter> found) {
    if (found.filter(other -> other.id().equals(writer.id())).isPresent()) {
      boolean hasEnded = known.add(List.of(found.get()));
      if (hasEnded) {
        // Readers read the rest for themselves.
        tails.remove(writer.id());
      }
      return hasEnded;
    }
    if (writers == known) {
      LOG.warn(
          "Entry {} of the table 'writers', of writer {}, is gone: rows were deleted. The list is read anew",
          writer.number(),
          writer.id());
      writers = new KnownWriters();
      tails.clear();
    }
    return true;
  }
}
