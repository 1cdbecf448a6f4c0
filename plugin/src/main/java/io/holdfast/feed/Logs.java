// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.RegisteredWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
 * for himself. Thread-safe.
 */
final class Logs {
  private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

  /** So often it is looked up whether writers have retired. */
  private static final Duration RETIREMENT_INTERVAL = Duration.ofSeconds(10);

  private static final int MAX_ROWS = 1_000;
  private static final int MAX_ENTRIES = 20_000;

  /** The latest rows of a log, as far as they were read. */
  private static final class Tail {
    final List<LogRow> rows = new ArrayList<>();
    int entries;
    long end;
    @Nullable CompletableFuture<List<LogRow>> reading;

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

  /** By their numbers; replaced, never changed. */
  private volatile List<RegisteredWriter> writers = List.of();

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
  CompletionStage<List<RegisteredWriter>> readWriters() {
    return readNewWriters().thenCompose(more -> readRetired()).thenApply(more -> writers());
  }

  /** The writers that are known, by their numbers: the first has number 1. */
  List<RegisteredWriter> writers() {
    return writers;
  }

  private int writerCount() {
    return writers.size();
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
      if (tail == null || tail.end != from) {
        return storage
            .readLog(writer, from)
            .thenApply(
                rows -> {
                  note(writer, from, rows);
                  return rows;
                });
      }
      joined = tail.reading;
      if (joined != null) {
        return joined;
      }
      joined = new CompletableFuture<>();
      tail.reading = joined;
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

  /** What somebody has read for himself may be later than what is known. */
  private synchronized void note(UUID writer, long from, List<LogRow> rows) {
    Tail tail = tails.get(writer);
    long end = from + rows.size();
    if (tail == null || tail.end < end) {
      Tail later = new Tail(from);
      later.add(rows);
      later.reading = tail == null ? null : tail.reading;
      tails.put(writer, later);
    }
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
    reads.add(readNewWriters().toCompletableFuture());
    if (System.nanoTime() - lastLookForRetired > RETIREMENT_INTERVAL.toNanos()) {
      lastLookForRetired = System.nanoTime();
      reads.add(readRetired().toCompletableFuture());
    }
    for (RegisteredWriter writer : writers) {
      OptionalLong end = endOf(writer);
      if (end.isPresent() && end.getAsLong() < writer.end().orElse(Long.MAX_VALUE)) {
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
  private CompletionStage<Boolean> readNewWriters() {
    long from = RegisteredWriter.FIRST_NUMBER + writerCount();
    return storage
        .readWriters(from)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return completedFuture(false);
              }
              addAll(found);
              return readNewWriters().thenApply(more -> true);
            });
  }

  /** Answers whether some have retired. */
  private CompletionStage<Boolean> readRetired() {
    Optional<RegisteredWriter> first =
        writers.stream().filter(writer -> writer.end().isEmpty()).findFirst();
    return first.isEmpty()
        ? completedFuture(false)
        : readRetired(first.get().number(), writerCount(), false);
  }

  private CompletionStage<Boolean> readRetired(long from, long to, boolean found) {
    return from > to
        ? completedFuture(found)
        : storage
            .readWriters(from)
            .thenCompose(
                page ->
                    page.isEmpty()
                        ? completedFuture(found)
                        : readRetired(from + page.size(), to, addAll(page) || found));
  }

  /** Answers whether that changes anything. */
  private synchronized boolean addAll(List<RegisteredWriter> found) {
    List<RegisteredWriter> all = new ArrayList<>(writers);
    boolean changed = false;
    for (RegisteredWriter writer : found) {
      int index = (int) (writer.number() - RegisteredWriter.FIRST_NUMBER);
      if (index == all.size()) {
        all.add(writer);
        changed = true;
      } else if (index < all.size() && all.get(index).end().isEmpty()) {
        changed |= writer.end().isPresent();
        all.set(index, writer);
      }
    }
    writers = List.copyOf(all);
    return changed;
  }
}
