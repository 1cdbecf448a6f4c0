// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.cassandra.EventPages;
import io.holdfast.cassandra.EventRanges;
import io.holdfast.feed.EntryReads.Held;
import io.holdfast.feed.EntryReads.Mode;
import io.holdfast.feed.EntryReads.Page;
import io.holdfast.feed.EntryReads.Read;
import io.holdfast.fence.FenceException;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Quantity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * Emits the events that rows of the logs tell of, and reads them in pages. A page is held until its
 * last event was used and more is asked for; a reader that takes its events slowly holds no other
 * one, and takes no more rows of the logs.
 */
final class FeedPages extends GraphStage<FlowShape<WantedRow, FeedRow>> {
  private final Inlet<WantedRow> in = Inlet.create("FeedPages.in");
  private final Outlet<FeedRow> out = Outlet.create("FeedPages.out");
  private final FlowShape<WantedRow, FeedRow> shape = FlowShape.of(in, out);

  private final EntryReads reads;
  private final Mode mode;
  private final int maxEventsAhead;
  private final Measurements measurements;

  FeedPages(EntryReads reads, Mode mode, int maxEventsAhead, Measurements measurements) {
    this.reads = reads;
    this.mode = mode;
    this.maxEventsAhead = maxEventsAhead;
    this.measurements = measurements;
  }

  @Override
  public FlowShape<WantedRow, FeedRow> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final AsyncCallback<Runnable> callback = createAsyncCallback(Runnable::run);

    /** To be read. */
    private List<WantedRow> wanted = new ArrayList<>();

    private long wantedEvents;

    /** Holds the bytes of the page that is being read, or was read ahead. */
    private @Nullable Held reading;

    /** The rows that it is read for. */
    private List<WantedRow> window = List.of();

    /** The page that was read ahead. */
    private @Nullable Page ahead;

    /** Holds the bytes of the events that are left. */
    private @Nullable Held inUse;

    private final Queue<FeedRow> left = new ArrayDeque<>();
    private long usedSince;

    /** Whether the page before was used at once. */
    private boolean isFast;

    private boolean mayReadAhead;
    private long eventBytes;

    /**
     * How many events to read at once, at most. Streams are read side by side and their events are
     * used in the order of the rows: what was read behind a gap is read again.
     */
    private long maxEvents = Long.MAX_VALUE;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              WantedRow row = grab(in);
              wanted.add(row);
              wantedEvents += row.events();
              goOn();
            }

            @Override
            public void onPull() {
              goOn();
            }

            @Override
            public void onUpstreamFinish() {
              goOn();
            }
          });
    }

    @Override
    public void postStop() {
      close(inUse);
      close(reading);
    }

    private void goOn() {
      if (isAvailable(out)) {
        emit();
      }
      if (reading == null && !wanted.isEmpty()) {
        readOn();
      }
      if (isClosed(in)) {
        if (left.isEmpty() && reading == null && wanted.isEmpty()) {
          completeStage();
        }
      } else if (wantsRows() && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    private boolean wantsRows() {
      return (reading != null || inUse == null || mayReadAhead) && wantedEvents < maxEventsAhead;
    }

    private void emit() {
      if (left.isEmpty()) {
        if (inUse != null) {
          isFast = EventPages.isFast(usedSince);
          close(inUse);
          inUse = null;
        }
        Page next = ahead;
        if (next != null) {
          ahead = null;
          use(next);
        }
      }
      FeedRow event = left.poll();
      if (event != null) {
        push(out, event);
      }
    }

    /** What has been read is used from now on. */
    private void use(Page page) {
      inUse = reading;
      reading = null;
      left.addAll(page.events());
      usedSince = System.nanoTime();
      mayReadAhead = isFast;
    }

    private void readOn() {
      if (inUse != null && !mayReadAhead) {
        return;
      }
      mayReadAhead = false;
      window = takeWindow();
      Read read =
          inUse == null
              ? reads.read(window, mode, eventBytes)
              : reads.tryRead(window, mode, eventBytes);
      reading = read.held();
      read.page().whenComplete((page, failure) -> callback.invoke(() -> arrived(page, failure)));
    }

    /** Those of the first rows that are likely to fit; at least one. */
    private List<WantedRow> takeWindow() {
      long limit = Math.min(maxEvents, EventRanges.eventsAtOnce(eventBytes));
      int count = 1;
      long events = wanted.get(0).events();
      while (count < wanted.size() && events + wanted.get(count).events() <= limit) {
        events += wanted.get(count).events();
        count++;
      }
      List<WantedRow> rows = List.copyOf(wanted.subList(0, count));
      wanted = new ArrayList<>(wanted.subList(count, wanted.size()));
      wantedEvents -= events;
      return rows;
    }

    private void arrived(Optional<Page> page, @Nullable Throwable failure) {
      if (failure != null) {
        failStage(FenceException.causeOf(failure));
        return;
      }
      page.map(Page::rest).ifPresent(this::limitTo);
      readAgain(page.map(Page::rest).orElse(window));
      window = List.of();
      if (page.isPresent()) {
        eventBytes = eventBytesAfter(page.get());
        measurements.add(Quantity.FEED_EVENTS, page.get().events().size());
      }
      if (page.isEmpty() || page.get().events().isEmpty()) {
        close(reading);
        reading = null;
      } else if (inUse == null) {
        use(page.get());
      } else {
        ahead = page.get();
      }
      goOn();
    }

    /** Where all events of a window are deleted, none tells its size, and more are read at once. */
    private long eventBytesAfter(Page page) {
      boolean foundNone =
          page.events().isEmpty() && page.rest().isEmpty() && page.eventBytes() == eventBytes;
      return foundNone ? Math.max(1, eventBytes / 2) : page.eventBytes();
    }

    /** Reads less at once after there was no room for a whole window, and more after there was. */
    private void limitTo(List<WantedRow> rest) {
      long read = events(window) - events(rest);
      maxEvents = rest.isEmpty() ? Math.max(maxEvents, 2 * read) : 2 * read;
    }

    private static long events(List<WantedRow> rows) {
      return rows.stream().mapToLong(WantedRow::events).sum();
    }

    /** Puts rows before those that have come since. */
    private void readAgain(List<WantedRow> rows) {
      if (!rows.isEmpty()) {
        List<WantedRow> all = new ArrayList<>(rows);
        all.addAll(wanted);
        wanted = all;
        wantedEvents += events(rows);
      }
    }

    private static void close(@Nullable Held held) {
      if (held != null) {
        held.close();
      }
    }
  }
}
