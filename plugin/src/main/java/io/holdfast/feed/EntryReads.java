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
   * What a reader is like.
   *
   * @param filter what it wants
   * @param use how it waits for room
   */
  record Mode(FeedFilter filter, EventPages.Use use) {}

  /**
   * What was read of a window.
   *
   * @param events in the order of the parts, those left out that the filter does not want
   * @param rest of the window, for which there was no room
   * @param eventBytes what one event takes, on average
   */
  record Page(List<FeedRow> events, List<WantedRow> rest, long eventBytes) {}

  private record Found(List<Part> parts, EventRanges ranges) {}

  /** What is being read alike. */
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
      long eventBytes = found.ranges().eventBytes();
      List<FeedRow> events = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < rows.size(); i++) {
        WantedRow row = rows.get(i);
        for (EntryPart part : row.parts()) {
          int range = rangesOfParts.get(next++);
          long last = part.entry().lastSequenceNr();
          long readTo = range < read.size() ? Math.min(last, read.get(range).readTo()) : 0;
          long from = Math.max(part.fromSequenceNr(), readTo + 1);
          if (readTo >= part.fromSequenceNr()) {
            for (EventRow event : rows(read.get(range), part.fromSequenceNr(), readTo)) {
              if (filter.includes(event)) {
                events.add(new FeedRow(event, row.offsetAfter(part, event.sequenceNr())));
              }
            }
          }
          if (readTo < last) {
            List<WantedRow> rest = new ArrayList<>();
            rest.add(row.from(part, from));
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

  /** What was read, or is being read, and by how many readers it is used. */
  private final class SharedRead {
    private final CompletableFuture<EventRanges> ranges = new CompletableFuture<>();
    private final CompletableFuture<Optional<Found>> found = new CompletableFuture<>();
    private int readers = 1;

    void start(Window window, Mode mode, boolean waits, long eventBytes) {
      storage
          .readEvents(window.ranges, mode.use(), parallelism, eventBytes)
          .thenCompose(
              opened -> {
                ranges.complete(opened);
                Optional<CompletionStage<List<Part>>> read =
                    waits ? Optional.of(opened.read()) : opened.tryRead();
                return read.isEmpty()
                    ? completedFuture(Optional.<Found>empty())
                    : read.get().thenApply(parts -> Optional.of(new Found(parts, opened)));
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

    /** Answers whether it is still used. */
    synchronized boolean join() {
      if (readers == 0) {
        return false;
      }
      readers++;
      return true;
    }

    synchronized void leave() {
      readers--;
      if (readers == 0) {
        CompletionStage<EventRanges> opened = ranges;
        opened.thenAccept(EventRanges::close);
      }
    }
  }

  /** A page that is being read for one reader. What it has is held until it is closed. */
  static final class Read implements AutoCloseable {
    private final SharedRead shared;
    private final CompletionStage<Optional<Page>> page;

    private Read(SharedRead shared, CompletionStage<Optional<Page>> page) {
      this.shared = shared;
      this.page = page;
    }

    /** Empty if there was no room. Fails with a {@link io.holdfast.fence.FenceException}. */
    CompletionStage<Optional<Page>> page() {
      return page;
    }

    /** Once. */
    @Override
    public void close() {
      shared.leave();
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
    Optional<LogEntry> only = window.only();
    SharedRead shared =
        only.isPresent()
            ? join(new Joint(only.get(), mode.use()), window, mode, eventBytes)
            : started(window, mode, true, eventBytes);
    return of(shared, window, mode);
  }

  /** Reads if there is room now. */
  Read tryRead(List<WantedRow> rows, Mode mode, long eventBytes) {
    Window window = new Window(rows);
    return of(started(window, mode, false, eventBytes), window, mode);
  }

  private static Read of(SharedRead shared, Window window, Mode mode) {
    return new Read(
        shared,
        shared.found.thenApply(read -> read.map(found -> window.page(found, mode.filter()))));
  }

  private SharedRead started(Window window, Mode mode, boolean waits, long eventBytes) {
    SharedRead read = new SharedRead();
    read.start(window, mode, waits, eventBytes);
    return read;
  }

  /** Joins another reader that is just reading the same. */
  private SharedRead join(Joint joint, Window window, Mode mode, long eventBytes) {
    SharedRead mine = new SharedRead();
    SharedRead joined =
        underWay.compute(joint, (key, other) -> other != null && other.join() ? other : mine);
    if (joined == mine) {
      CompletionStage<Optional<Found>> found = mine.found;
      found.whenComplete((read, failure) -> underWay.remove(joint, mine));
      mine.start(window, mode, true, eventBytes);
    }
    return joined;
  }
}
