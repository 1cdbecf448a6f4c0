// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of several streams, read side by side. It reads about {@link EventPages#PAGE_BYTES}, if
 * the node's {@link ReadBudget} has room for them, but at least the beginning of the first range.
 * The bytes of all that was read are held until {@link #held} is closed, at any time, in any case.
 * It waits for room only while it holds nothing, so that no two such reads wait for each other.
 * Read once. Thread-safe.
 */
public final class EventRanges {
  /** The size that an event is taken to have before any was read. */
  private static final long UNKNOWN_BYTES = 64 << 10;

  /** Sequence numbers of one stream, both inclusive; up to its highest one at most. */
  public record StreamRange(String persistenceId, long from, long to) {}

  /**
   * The part of a range that was read.
   *
   * @param rows in order; deleted ones, which may be stored for a while, are not among them
   * @param readTo up to where it was read; below the range if nothing was
   */
  public record Part(List<EventRow> rows, long readTo) {}

  /** Holds the bytes of what was read, but not the events themselves. */
  public static final class Held implements AutoCloseable {
    private final List<EventPages> pages = new ArrayList<>();
    private boolean closed;

    /** If nothing is wanted any more, the pages are closed at once. */
    private void add(EventPages more) {
      synchronized (this) {
        if (!closed) {
          pages.add(more);
          return;
        }
      }
      more.close();
    }

    private synchronized void remove(EventPages unused) {
      pages.remove(unused);
    }

    private synchronized boolean isClosed() {
      return closed;
    }

    /** The events are not used any more; those that are being read are not wanted. */
    @Override
    public void close() {
      List<EventPages> all;
      synchronized (this) {
        closed = true;
        all = List.copyOf(pages);
      }
      all.forEach(EventPages::close);
    }
  }

  /** A range that is being read. */
  private static final class Reading {
    final StreamRange range;
    final EventPages pages;
    final List<EventRow> rows = new ArrayList<>();
    long readTo;
    long deletedTo;
    @Nullable CompletionStage<Long> deletion;

    Reading(StreamRange range, EventPages pages) {
      this.range = range;
      this.pages = pages;
      this.readTo = range.from() - 1;
    }

    /** Reads once up to where the stream's events are deleted. */
    CompletionStage<Long> deletion(Function<String, CompletionStage<Long>> read) {
      CompletionStage<Long> known = deletion;
      if (known == null) {
        known = read.apply(range.persistenceId());
        deletion = known;
      }
      return known;
    }

    long left() {
      return range.to() - readTo();
    }

    long readTo() {
      return Math.max(readTo, Math.min(deletedTo, range.to()));
    }

    boolean isAtBegin() {
      return readTo() < range.from();
    }

    Part part() {
      return new Part(rows.stream().filter(row -> row.sequenceNr() > deletedTo).toList(), readTo());
    }
  }

  private final List<StreamRange> ranges;
  private final Function<StreamRange, EventPages> open;
  private final Function<String, CompletionStage<Long>> deletedTo;
  private final int parallelism;
  private long eventBytes;

  private final CompletableFuture<List<Part>> result = new CompletableFuture<>();

  /** In the order of the ranges. */
  private final List<Reading> begun = new ArrayList<>();

  /** Those that go on before others begin. */
  private final Deque<Reading> unfinished = new ArrayDeque<>();

  private int underWay;
  private long rowsUnderWay;
  private long bytes;
  private long rows;
  private final Held held = new Held();
  private boolean finished;
  private @Nullable Throwable failure;

  /**
   * About how many events one of these reads.
   *
   * @param eventBytes what an event is taken to have; 0 if nothing is known
   */
  public static long eventsAtOnce(long eventBytes) {
    return EventPages.PAGE_BYTES / known(eventBytes);
  }

  private static long known(long eventBytes) {
    return eventBytes == 0 ? UNKNOWN_BYTES : eventBytes;
  }

  /**
   * @param ranges at least one
   * @param open opens the pages of a range
   * @param deletedTo reads up to where a stream's events are deleted
   * @param parallelism how many ranges are read at a time
   * @param eventBytes what an event is taken to have; 0 if nothing is known
   */
  EventRanges(
      List<StreamRange> ranges,
      Function<StreamRange, EventPages> open,
      Function<String, CompletionStage<Long>> deletedTo,
      int parallelism,
      long eventBytes) {
    this.ranges = ranges;
    this.open = open;
    this.deletedTo = deletedTo;
    this.parallelism = parallelism;
    this.eventBytes = known(eventBytes);
  }

  /**
   * Reads when there is room.
   *
   * @return what was read of the first ranges, in their order; of each of them it may be a part.
   *     Fails with a {@link io.holdfast.fence.FenceException}
   */
  public CompletionStage<List<Part>> read() {
    synchronized (this) {
      Reading first = begin();
      send(first, first.pages.more());
    }
    goOn();
    return result;
  }

  /** As {@link #read}, but empty if there is no room now. */
  public Optional<CompletionStage<List<Part>>> tryRead() {
    goOn();
    synchronized (this) {
      return begun.isEmpty() ? Optional.empty() : Optional.of(result);
    }
  }

  public Held held() {
    return held;
  }

  /** The average size of an event; the size that was taken for it if none was read. */
  public synchronized long eventBytes() {
    return eventBytes;
  }

  /** The caller has the lock. */
  private Reading begin() {
    StreamRange range = ranges.get(begun.size());
    Reading reading = new Reading(range, open.apply(range));
    held.add(reading.pages);
    begun.add(reading);
    return reading;
  }

  private void goOnOrFail() {
    try {
      goOn();
    } catch (RuntimeException e) {
      synchronized (this) {
        failure = e;
        finished = true;
      }
      finish();
    }
  }

  private void goOn() {
    boolean isDone;
    synchronized (this) {
      while (hasMore() && sendNext()) {
        // Goes on as long as there is room.
      }
      isDone = underWay == 0 && !begun.isEmpty() && !goesOnWithTheFirst();
      finished |= isDone;
    }
    if (isDone) {
      finish();
    }
  }

  /**
   * If there is nothing yet of the first range, as where its first partition has been deleted, the
   * others give way, and it waits for room. The caller has the lock.
   */
  private boolean goesOnWithTheFirst() {
    Reading first = begun.get(0);
    boolean isStuck =
        !finished && failure == null && unfinished.contains(first) && first.isAtBegin();
    if (!isStuck || held.isClosed()) {
      return false;
    }
    begun
        .subList(1, begun.size())
        .forEach(
            other -> {
              held.remove(other.pages);
              other.pages.close();
            });
    begun.subList(1, begun.size()).clear();
    unfinished.clear();
    send(first, first.pages.more());
    return true;
  }

  /** The caller has the lock. */
  private boolean hasMore() {
    return failure == null
        && !finished
        && !held.isClosed()
        && underWay < parallelism
        && bytes + rowsUnderWay * eventBytes < EventPages.PAGE_BYTES
        && (!unfinished.isEmpty() || begun.size() < ranges.size());
  }

  /** Answers whether there was room; the caller has the lock. */
  private boolean sendNext() {
    Reading unfinishedOne = unfinished.peek();
    Reading next = unfinishedOne == null ? begin() : unfinishedOne;
    Optional<CompletionStage<List<EventRow>>> more = next.pages.tryMore();
    if (more.isEmpty()) {
      if (unfinishedOne == null) {
        begun.remove(begun.size() - 1);
        held.remove(next.pages);
        next.pages.close();
      }
      return false;
    }
    if (unfinishedOne != null) {
      unfinished.remove();
    }
    send(next, more.get());
    return true;
  }

  /** The caller has the lock. */
  private void send(Reading reading, CompletionStage<List<EventRow>> page) {
    long expected = reading.left();
    underWay++;
    rowsUnderWay += expected;
    page.thenCombine(
            reading.deletion(deletedTo),
            (found, to) -> {
              reading.deletedTo = to;
              return found;
            })
        .whenComplete(
            (found, failed) -> {
              synchronized (this) {
                underWay--;
                rowsUnderWay -= expected;
                if (failed == null) {
                  add(reading, found);
                } else {
                  failure = failed;
                }
              }
              goOnOrFail();
            });
  }

  /** The caller has the lock. */
  private void add(Reading reading, List<EventRow> found) {
    reading.rows.addAll(found);
    rows += found.size();
    for (EventRow row : found) {
      bytes += row.sizeInBytes();
    }
    if (rows > 0) {
      eventBytes = 1 + bytes / rows;
    }
    reading.readTo =
        reading.pages.hasNext()
            ? Math.max(reading.readTo, reading.pages.readTo())
            : reading.range.to();
    if (reading.pages.hasNext()) {
      unfinished.add(reading);
    }
  }

  private void finish() {
    Throwable failed;
    List<Part> parts;
    synchronized (this) {
      failed = failure;
      parts = begun.stream().map(Reading::part).toList();
    }
    if (failed == null) {
      result.complete(parts);
    } else {
      held.close();
      result.completeExceptionally(failed);
    }
  }
}
