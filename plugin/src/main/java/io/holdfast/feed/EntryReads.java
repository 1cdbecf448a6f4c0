// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventPages;
import io.holdfast.cassandra.EventRanges;
import io.holdfast.cassandra.EventRanges.Part;
import io.holdfast.cassandra.EventRanges.StreamRange;
import io.holdfast.cassandra.EventRow;
import io.holdfast.fence.LogEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads the events that rows of the log tell of. Batches of one stream that follow each other are
 * read with one request. Readers of this actor system that want the same batch at the same moment,
 * as they do while none is behind, read it once. Thread-safe.
 */
final class EntryReads {
  /**
   * How a reader reads.
   *
   * @param filter what it wants
   * @param use how it waits for room
   */
  record Mode(FeedFilter filter, EventPages.Use use) {}

  /**
   * The events of a window that were read.
   *
   * @param events in the order of the parts, those left out that the filter does not want
   * @param rest of the window, for which there was no room
   * @param eventBytes what one event takes, on average
   */
  record Page(List<FeedRow> events, List<WantedRow> rest, long eventBytes) {}

  private record Found(List<Part> parts, long eventBytes) {}

  /** Readers that want the same entry, and wait for room alike, read it together. */
  private record Joint(LogEntry entry, EventPages.Use use) {}

  /** A window's ranges, each begun by its first part. */
  private static final class Window {
    final List<WantedRow> rows;
    final List<StreamRange> ranges = new ArrayList<>();

    /** The indexes of the ranges that the parts are in, in the order of the parts. */
    final List<Integer> rangesOfParts = new ArrayList<>();

    Window(List<WantedRow> rows) {
      this.rows = rows;
      Map<String, Integer> lastRanges = new HashMap<>();
      for (WantedRow row : rows) {
        row.parts().forEach(part -> add(part, lastRanges));
      }
    }

    private void add(EntryPart part, Map<String, Integer> lastRanges) {
      LogEntry entry = part.entry();
      String id = entry.persistenceId();
      Integer index = lastRanges.get(id);
      if (index != null && ranges.get(index).to() + 1 == part.fromSequenceNr()) {
        ranges.set(index, new StreamRange(id, ranges.get(index).from(), entry.lastSequenceNr()));
      } else {
        index = ranges.size();
        lastRanges.put(id, index);
        ranges.add(new StreamRange(id, part.fromSequenceNr(), entry.lastSequenceNr()));
      }
      rangesOfParts.add(index);
    }

    /** A whole batch, and nothing else. */
    Optional<LogEntry> only() {
      EntryPart first = rows.get(0).parts().get(0);
      boolean isOnly =
          rangesOfParts.size() == 1 && first.fromSequenceNr() <= first.entry().firstSequenceNr();
      return isOnly ? Optional.of(first.entry()) : Optional.empty();
    }

    Page page(Found found, FeedFilter filter) {
      List<Part> read = found.parts();
      long eventBytes = found.eventBytes();
      List<FeedRow> events = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < rows.size(); i++) {
        WantedRow row = rows.get(i);
        for (EntryPart part : row.parts()) {
          int range = rangesOfParts.get(next++);
          long last = part.entry().lastSequenceNr();
          long readTo = range < read.size() ? Math.min(last, read.get(range).readTo()) : 0;
          if (readTo >= part.fromSequenceNr()) {
            for (EventRow event : rows(read.get(range), part.fromSequenceNr(), readTo)) {
              if (filter.includes(event)) {
                events.add(new FeedRow(event, row.offsetAfter(part, event.sequenceNr())));
              }
            }
          }
          if (readTo < last) {
            List<WantedRow> rest = new ArrayList<>();
            rest.add(row.from(part, Math.max(part.fromSequenceNr(), readTo + 1)));
            rest.addAll(rows.subList(i + 1, rows.size()));
            return new Page(events, rest, eventBytes);
          }
        }
      }
      return new Page(events, List.of(), eventBytes);
    }

    private static List<EventRow> rows(Part read, long from, long to) {
      return read.rows().subList(indexOf(read.rows(), from), indexOf(read.rows(), to + 1));
    }

    /** Where rows from that sequence number on begin. */
    private static int indexOf(List<EventRow> rows, long sequenceNr) {
      int low = 0;
      int high = rows.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (rows.get(middle).sequenceNr() < sequenceNr) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** By how many readers something is used that was read, or is being read. */
  private static final class Users {
    private final CompletableFuture<EventRanges.Held> held = new CompletableFuture<>();
    private int users = 1;

    /** Answers whether it is still used. */
    synchronized boolean join() {
      if (users == 0) {
        return false;
      }
      users++;
      return true;
    }

    synchronized void leave() {
      users--;
      if (users == 0) {
        CompletionStage<EventRanges.Held> opened = held;
        opened.thenAccept(EventRanges.Held::close);
      }
    }
  }

  /** A read, and those who use it. */
  private final class SharedRead {
    private final Users users = new Users();
    private final CompletableFuture<Optional<Found>> found = new CompletableFuture<>();

    void start(Window window, Mode mode, boolean waits, long eventBytes) {
      storage
          .readEvents(window.ranges, mode.use(), parallelism, eventBytes)
          .thenCompose(
              opened -> {
                users.held.complete(opened.held());
                Optional<CompletionStage<List<Part>>> read =
                    waits ? Optional.of(opened.read()) : opened.tryRead();
                return read.isEmpty()
                    ? completedFuture(Optional.<Found>empty())
                    : read.get()
                        .thenApply(parts -> Optional.of(new Found(parts, opened.eventBytes())));
              })
          .whenComplete(
              (read, failure) -> {
                if (failure == null) {
                  found.complete(read);
                } else {
                  found.completeExceptionally(failure);
                }
              });
    }
  }

  /**
   * A page that is being read for one reader. What it has is held until that is closed.
   *
   * @param page empty if there was no room. Fails with a {@link io.holdfast.fence.FenceException}
   */
  record Read(Held held, CompletionStage<Optional<Page>> page) {}

  /** Holds the bytes of one reader's events, but not the events themselves. */
  static final class Held implements AutoCloseable {
    private final List<Runnable> releases = new ArrayList<>();
    private boolean closed;

    /** What is to be released when this is closed, or at once if it is. */
    private void add(Runnable release) {
      synchronized (this) {
        if (!closed) {
          releases.add(release);
          return;
        }
      }
      release.run();
    }

    private void release() {
      List<Runnable> all;
      synchronized (this) {
        all = List.copyOf(releases);
        releases.clear();
      }
      all.forEach(Runnable::run);
    }

    @Override
    public void close() {
      synchronized (this) {
        closed = true;
      }
      release();
    }
  }

  private final CassandraStorage storage;
  private final int parallelism;

  /** What is being read. Nothing is kept: it may be deleted the next moment. */
  private final Map<Joint, SharedRead> underWay = new ConcurrentHashMap<>();

  EntryReads(CassandraStorage storage, int parallelism) {
    this.storage = storage;
    this.parallelism = parallelism;
  }

  /** Reads as much of a window as there is room for; at least something of it. */
  Read read(List<WantedRow> rows, Mode mode, long eventBytes) {
    Window window = new Window(rows);
    Held held = new Held();
    Optional<LogEntry> only = window.only();
    return new Read(
        held,
        only.isPresent()
            ? join(held, new Joint(only.get(), mode.use()), window, mode, eventBytes)
            : alone(held, window, mode, true, eventBytes));
  }

  /** Reads if there is room now. */
  Read tryRead(List<WantedRow> rows, Mode mode, long eventBytes) {
    Held held = new Held();
    return new Read(held, alone(held, new Window(rows), mode, false, eventBytes));
  }

  private CompletionStage<Optional<Page>> alone(
      Held held, Window window, Mode mode, boolean waits, long eventBytes) {
    SharedRead own = new SharedRead();
    own.start(window, mode, waits, eventBytes);
    held.add(own.users::leave);
    return own.found.thenApply(found -> page(found, window, mode));
  }

  private static Optional<Page> page(Optional<Found> found, Window window, Mode mode) {
    return found.map(some -> window.page(some, mode.filter()));
  }

  /** Joins another reader that is just reading the same. */
  private CompletionStage<Optional<Page>> join(
      Held held, Joint joint, Window window, Mode mode, long eventBytes) {
    SharedRead mine = new SharedRead();
    SharedRead joined =
        underWay.compute(joint, (key, other) -> other != null && other.users.join() ? other : mine);
    held.add(joined.users::leave);
    if (joined == mine) {
      CompletionStage<Optional<Found>> found = mine.found;
      found.whenComplete((some, failure) -> underWay.remove(joint, mine));
      mine.start(window, mode, true, eventBytes);
      return found.thenApply(some -> page(some, window, mode));
    }
    return joined.found.thenCompose(
        found -> {
          // Each reader makes objects of its own of the events. While it waits for room it holds
          // none.
          Optional<Runnable> room = storage.tryHold(rows(found));
          if (room.isEmpty()) {
            held.release();
            return alone(held, window, mode, true, eventBytes);
          }
          held.add(room.get());
          return completedFuture(page(found, window, mode));
        });
  }

  private static List<EventRow> rows(Optional<Found> found) {
    return found.stream()
        .flatMap(some -> some.parts().stream())
        .flatMap(part -> part.rows().stream())
        .toList();
  }
}
