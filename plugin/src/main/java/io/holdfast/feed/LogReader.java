// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.feed.FeedOffset.Place;
import io.holdfast.feed.FeedOffset.Within;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import io.holdfast.fence.LastRows;
import io.holdfast.fence.LogEntry;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.MergedLogs;
import io.holdfast.fence.MergedLogs.Taken;
import io.holdfast.fence.RegisteredWriter;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of all logs: the rows in the order of {@link MergedLogs}, less the entries that it
 * does not want. Emits what is left of a row, which is never nothing.
 *
 * <p>It reads each log a little ahead. Logs that have ended it begins some at a time, the oldest
 * first and those that others wait for; only what is begun costs anything.
 */
final class LogReader extends GraphStage<SourceShape<WantedRow>> {
  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

  /** A log is read on when no more rows than this are left of what was read before. */
  private static final int ROWS_AHEAD = 30;

  /** Ended logs that are read at a time, and at how many left others are begun, all at once. */
  private static final int MAX_ENDED_LOGS = 64;

  private static final int FEW_ENDED_LOGS = 32;

  /** Rows without anything wanted that are passed over before others get the thread. */
  private static final int MAX_ROWS_AT_ONCE = 1_000;

  /**
   * @param storeId of the store whose feed it is
   * @param end where to end, for each writer up to a number; empty to go on for good
   */
  record Span(String storeId, Place begin, Optional<Cut> end) {
    long lastWriter() {
      return end.map(Cut::lastWriter).orElse(Long.MAX_VALUE);
    }

    Optional<Long> endOf(UUID writer) {
      return end.map(cut -> cut.positions().get(writer));
    }
  }

  private final Outlet<WantedRow> out = Outlet.create("LogReader.out");
  private final SourceShape<WantedRow> shape = SourceShape.of(out);

  private final Logs logs;
  private final LastRows lastRows;
  private final FeedSettings settings;
  private final Measurements measurements;
  private final FeedFilter filter;
  private final Span span;

  LogReader(
      Logs logs,
      LastRows lastRows,
      FeedSettings settings,
      Measurements measurements,
      FeedFilter filter,
      Span span) {
    this.logs = logs;
    this.lastRows = lastRows;
    this.settings = settings;
    this.measurements = measurements;
    this.filter = filter;
    this.span = span;
  }

  static void checkPlace(KnownWriters writers, Place place) {
    if (!isOf(writers, place)) {
      throw new ForeignOffsetException(
          FeedOffset.of(place),
          "names %,d writers, but this feed has had only %,d"
              .formatted(place.nextWriter() - 1, writers.last()));
    }
  }

  static boolean isOf(KnownWriters writers, Place place) {
    return place.nextWriter() - 1 <= writers.last();
  }

  @Override
  public SourceShape<WantedRow> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  /** A log's last row that may stay last. */
  private static final class Unsettled {
    final long position;
    final long since = System.nanoTime();
    boolean asking;
    boolean reported;

    Unsettled(long position) {
      this.position = position;
    }
  }

  private final class Logic extends TimerGraphStageLogic {
    private final MergedLogs merged = new MergedLogs(this::isFinished);

    /** The logs that are being read, with the numbers of their writers. */
    private final Map<UUID, Long> open = new HashMap<>();

    private final Set<UUID> reading = new HashSet<>();
    private final Map<UUID, Unsettled> unsettled = new HashMap<>();
    private final SeenStreams seen = new SeenStreams();

    /** Writers that rows refer to and that are not known yet. */
    private final Set<UUID> lookedFor = new HashSet<>();

    private long nextWriter = span.begin().nextWriter();
    private NumberRanges unread = span.begin().unread();
    private final SortedMap<Long, Long> positions = new TreeMap<>(span.begin().positions());
    private @Nullable Within within = span.begin().within();

    /** All that was said last, until something of it changes. */
    private @Nullable Place place;

    /** No ended log of a writer below is still to be begun. */
    private long nextEnded = RegisteredWriter.FIRST_NUMBER;

    private KnownWriters writers = logs.writers();
    private boolean begun;

    private final AsyncCallback<Runnable> callback = createAsyncCallback(Runnable::run);
    private final Runnable listener = this::hear;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              goOn();
            }
          });
    }

    @Override
    public void preStart() {
      // Before the first read, so that nothing that follows is missed.
      logs.listen(listener);
      then(
          logs.readWriters(),
          known -> {
            writers = span.end().map(Cut::writers).orElse(known);
            checkPlace(writers, span.begin());
            List.copyOf(positions.keySet()).forEach(this::begin);
            beginLiving(RegisteredWriter.FIRST_NUMBER);
            Within part = within;
            if (part != null && unread.contains(part.writer())) {
              begin(part.writer());
            }
            begun = true;
            goOn();
          });
    }

    @Override
    public void postStop() {
      logs.forget(listener);
    }

    @Override
    public void onTimer(Object key) {
      goOn();
    }

    private <T> void then(CompletionStage<T> stage, Consumer<T> next) {
      stage.whenComplete(
          (result, failure) ->
              callback.invoke(
                  () -> {
                    if (failure == null) {
                      next.accept(result);
                    } else {
                      failStage(FenceException.causeOf(failure));
                    }
                  }));
    }

    /** Called by any thread. */
    private void hear() {
      callback.invoke(this::goOn);
    }

    private void goOn() {
      if (!begun) {
        return;
      }
      if (logs.writers() != writers) {
        failStage(
            new FenceException(
                "rows of the table 'writers' were deleted, so that the numbers in offsets mean nothing any more; read from the beginning, and reset durable subscriptions",
                Effect.NONE));
        return;
      }
      addWriters();
      readAhead();
      boolean progress = true;
      for (int rows = 0; progress && rows < MAX_ROWS_AT_ONCE; rows++) {
        progress = isAvailable(out) && takeNext();
      }
      if (isAtEnd()) {
        completeStage();
      } else if (progress) {
        callback.invoke(this::goOn);
      } else if (isAvailable(out)) {
        settleLastRows();
      }
    }

    private void addWriters() {
      long last = Math.min(writers.last(), span.lastWriter());
      if (last >= nextWriter) {
        long first = nextWriter;
        unread = unread.with(first, last);
        nextWriter = last + 1;
        place = null;
        beginLiving(first);
      }
    }

    private void beginLiving(long first) {
      for (RegisteredWriter writer : writers.living(first, nextWriter)) {
        if (unread.contains(writer.number())) {
          begin(writer.number());
        }
      }
    }

    private void beginAwaited() {
      for (UUID id : merged.awaited()) {
        OptionalLong number = writers.numberOf(id);
        if (number.isEmpty() && lookedFor.add(id)) {
          then(logs.find(id), found -> found(id));
        } else if (unread.contains(number.orElse(0))) {
          begin(number.getAsLong());
        }
      }
    }

    private void found(UUID id) {
      lookedFor.remove(id);
      if (writers.numberOf(id).orElse(0) > span.lastWriter()) {
        failStage(
            new FenceException(
                "the entry of writer %s in the table 'writers' was deleted and has been made again; read once more"
                    .formatted(id),
                Effect.NONE));
      } else {
        goOn();
      }
    }

    private void beginEnded() {
      long reading =
          open.entrySet().stream()
              .filter(log -> writers.get(log.getValue()).end().isPresent())
              .filter(log -> !merged.isAtEnd(log.getKey()))
              .count();
      if (reading > FEW_ENDED_LOGS) {
        return;
      }
      OptionalLong next = unread.ceiling(nextEnded);
      for (; next.isPresent() && reading < MAX_ENDED_LOGS; next = unread.ceiling(nextEnded)) {
        nextEnded = next.getAsLong() + 1;
        if (begin(next.getAsLong())) {
          reading++;
        }
      }
    }

    /** Answers whether there is something to read; not if the log is being read. */
    private boolean begin(long number) {
      UUID id = writers.get(number).id();
      if (open.containsKey(id)) {
        return false;
      }
      merged.add(id, positionOf(number));
      span.endOf(id).ifPresent(end -> merged.endAt(id, end));
      open.put(id, number);
      finishIfAtEnd(id);
      return open.containsKey(id);
    }

    private long positionOf(long number) {
      return positions.getOrDefault(number, LogRow.FIRST_POSITION);
    }

    /** For logs that are not open. */
    private boolean isFinished(UUID id) {
      long number = writers.numberOf(id).orElse(Long.MAX_VALUE);
      return number < nextWriter && !unread.contains(number);
    }

    private boolean isAtEnd() {
      return span.end().isPresent()
          && unread.ceiling(nextEnded).isEmpty()
          && open.keySet().stream().allMatch(merged::isAtEnd);
    }

    /** Answers whether there was a row to take. */
    private boolean takeNext() {
      Optional<Taken> taken = within == null ? take() : finishRow(within);
      taken.ifPresent(this::use);
      return taken.isPresent();
    }

    private Optional<Taken> take() {
      // While a log that has more is being read, its rows may be the oldest.
      return reading.stream()
              .anyMatch(writer -> open.containsKey(writer) && merged.ahead(writer) == 0)
          ? Optional.empty()
          : merged.take();
    }

    /** The row of which a part was used goes first: it was final, or settled, when it was. */
    private Optional<Taken> finishRow(Within part) {
      UUID id = writers.get(part.writer()).id();
      return open.containsKey(id) ? merged.take(id) : Optional.empty();
    }

    private void use(Taken taken) {
      UUID id = taken.writer();
      long number = numberOf(id);
      unsettled.remove(id);
      measurements.add(Quantity.FEED_ROWS, 1);
      List<EntryPart> wanted = wanted(taken);
      within = null;
      Place before = wanted.isEmpty() ? null : place();
      unread = unread.without(number);
      positions.put(number, taken.row().position() + 1);
      place = null;
      finishIfAtEnd(id);
      if (open.containsKey(id)) {
        readAhead(id);
      } else {
        readAhead();
      }
      if (before != null) {
        if (measurements.isBound()) {
          measurements.add(
              Quantity.FEED_DELAY,
              Math.max(0, System.currentTimeMillis() - taken.row().loggedAt().toEpochMilli()));
        }
        FeedOffset after = FeedOffset.of(place()).in(span.storeId());
        push(out, new WantedRow(number, span.storeId(), before, after, wanted));
      }
    }

    private Place place() {
      Place now = place;
      if (now == null) {
        now = new Place(nextWriter, unread, new TreeMap<>(positions), null);
        place = now;
      }
      return now;
    }

    private long numberOf(UUID id) {
      Long number = open.get(id);
      if (number == null) {
        throw new IllegalStateException("the log of writer %s is not open".formatted(id));
      }
      return number;
    }

    private List<EntryPart> wanted(Taken taken) {
      Within used = within;
      List<EntryPart> wanted = new ArrayList<>();
      taken
          .entries()
          .forEach(
              (index, entry) -> {
                long from = entry.firstSequenceNr();
                if (used != null && index <= used.entry()) {
                  from = index < used.entry() ? Long.MAX_VALUE : used.sequenceNr() + 1;
                }
                if (from > entry.lastSequenceNr() || !filter.includes(entry)) {
                  return;
                }
                if (seen.isSeen(entry)) {
                  measurements.add(Quantity.FEED_DUPLICATES, 1);
                } else {
                  seen.add(entry);
                  wanted.add(new EntryPart(entry, index, from));
                }
              });
      return wanted;
    }

    private void finishIfAtEnd(UUID id) {
      long number = numberOf(id);
      if (positionOf(number) >= endOf(number)) {
        merged.finish(id);
        open.remove(id);
        positions.remove(number);
        unread = unread.without(number);
        place = null;
      }
    }

    private long endOf(long number) {
      return writers.get(number).end().orElse(Long.MAX_VALUE);
    }

    private void readAhead() {
      List.copyOf(open.keySet()).forEach(this::finishIfAtEnd);
      beginEnded();
      beginAwaited();
      open.keySet().forEach(this::readAhead);
    }

    private void readAhead(UUID id) {
      long next = merged.nextToRead(id);
      if (reading.contains(id) || merged.ahead(id) > ROWS_AHEAD || next >= endOf(numberOf(id))) {
        return;
      }
      Optional<List<LogRow>> latest = logs.latest(id, next);
      boolean isThere =
          next < Math.max(span.endOf(id).orElse(0L), writers.get(numberOf(id)).end().orElse(0L));
      if (latest.isPresent() && !(latest.get().isEmpty() && isThere)) {
        merged.read(id, latest.get());
        return;
      }
      reading.add(id);
      then(
          logs.read(id, next),
          rows -> {
            reading.remove(id);
            if (rows.isEmpty() && isThere) {
              failStage(
                  new FenceException(
                      "row %d of the log of writer %s is not in the table 'commit_log' any more; begin where all rows are kept, with FeedOffset.since"
                          .formatted(next, id),
                      Effect.NONE));
              return;
            }
            if (open.containsKey(id)) {
              merged.read(id, rows);
            }
            goOn();
          });
    }

    /** Rows that have been last for a while are settled by asking for their streams. */
    private void settleLastRows() {
      unsettled.keySet().retainAll(open.keySet());
      Within first = within;
      for (Map.Entry<UUID, Long> log : Map.copyOf(open).entrySet()) {
        UUID id = log.getKey();
        if (first != null && first.writer() != log.getValue()) {
          continue;
        }
        Optional<LogRow> row = merged.unsettled(id);
        if (row.isEmpty()) {
          unsettled.remove(id);
          continue;
        }
        long position = row.get().position();
        Unsettled last = unsettled.get(id);
        if (last == null || last.position != position) {
          last = new Unsettled(position);
          unsettled.put(id, last);
        }
        long waited = System.nanoTime() - last.since;
        if (waited < settings.settleDelay().toNanos() || last.asking) {
          scheduleOnce(id, settings.settleDelay());
        } else {
          settle(id, row.get(), last, waited);
        }
      }
    }

    private void settle(UUID id, LogRow row, Unsettled last, long waited) {
      last.asking = true;
      then(
          lastRows.settle(row),
          voided -> {
            last.asking = false;
            if (!open.containsKey(id) || merged.unsettled(id).filter(row::equals).isEmpty()) {
              return;
            }
            if (voided.isEmpty()) {
              waitForClaim(id, row, last, waited);
            } else if (isAvailable(out)) {
              use(merged.settle(id, voided.get()));
              goOn();
            }
          });
    }

    private void waitForClaim(UUID id, LogRow row, Unsettled last, long waited) {
      if (waited < settings.settleTimeout().toNanos()) {
        scheduleOnce(id, settings.settleDelay());
        return;
      }
      String problem =
          "row %d of the log of writer %s is the last one, and one of its streams (of %s) has been claimed by another writer for more than %,d ms (%s); whether its last events are part of its history is not decided. It is when its persistent actor recovers the next time"
              .formatted(
                  row.position(),
                  id,
                  row.entries().stream().map(LogEntry::persistenceId).limit(10).toList(),
                  settings.settleTimeout().toMillis(),
                  settings.settleTimeoutPath());
      if (span.end().isPresent()) {
        failStage(new FenceException(problem, Effect.NONE));
        return;
      }
      if (!last.reported) {
        last.reported = true;
        LOG.warn("The feed waits: {}", problem);
      }
      scheduleOnce(id, Duration.ofSeconds(1));
    }
  }
}
