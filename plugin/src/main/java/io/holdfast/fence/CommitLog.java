// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.holdfast.fence.FenceException.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The writer's log: an entry for every batch, so that acknowledged means logged.
 *
 * <p>Batches whose rows are stored join the next row, while their fence read is under way. A batch
 * is acknowledged when it has passed the fence and its row and all rows before it are stored. What
 * became of each entry is published by a later row: the next one, or an empty one, a
 * <em>marker</em>, if nothing else follows soon. So a row is sent only when all but a few before it
 * are settled; a row that gets no answer is sent again, unchanged, until it has one, and what waits
 * for it fails meanwhile.
 *
 * <p>A row is bounded in entries, in their bytes and in rows to be read before it, far below what
 * Cassandra refuses. If storage refuses one all the same, and no earlier attempt to send it can
 * have taken effect, its batches fail, no others do, and an empty row takes its place.
 *
 * <p>What a claim finds out, it leaves here: how far readers must have come elsewhere before they
 * read on here goes with the next row, whichever stream that is for; batches that nobody may have
 * logged go as adopted in a row without entries. Thread-safe.
 */
final class CommitLog {
  /** So long a settled row waits for another one that says so. */
  static final Duration MARKER_DELAY = Duration.ofMillis(10);

  static final Duration RETRY_DELAY = Duration.ofMillis(100);
  private static final int MAX_ENTRIES = 1_000;

  /**
   * The most bytes of entries in a row, as {@link LogEntry#sizeInBytes} counts them, unless a
   * single one has more.
   */
  static final int MAX_BYTES = 256 << 10;

  /** The most other logs that a row names in {@code after}. */
  static final int MAX_AFTER = 1_000;

  /** A batch that waits for its row, or for what becomes of it. */
  private static final class Pending {
    final List<LogEntry> entries;
    final int bytes;
    final CompletableFuture<Void> answer = new CompletableFuture<>();
    @Nullable OpenRow row;
    boolean fencePassed;
    boolean decided;

    Pending(List<LogEntry> entries) {
      this.entries = entries;
      this.bytes = entries.stream().mapToInt(LogEntry::sizeInBytes).sum();
    }
  }

  /** A row that was made and is not settled. */
  private static final class OpenRow {
    LogRow row;
    final List<Pending> waiting;
    final Set<Integer> voided = new TreeSet<>();
    boolean stored;

    /** Whether all rows before this one are stored as well. */
    boolean stands;

    int undecided;

    /** Whether an attempt to store it may have taken effect, or may yet. */
    boolean perhapsStored;

    OpenRow(LogRow row, List<Pending> waiting) {
      this.row = row;
      this.waiting = waiting;
      this.undecided = waiting.size();
    }

    boolean isDecided() {
      return stored && undecided == 0;
    }
  }

  private final boolean enabled;
  private final LogStorage storage;
  private final UUID writer;
  private final FenceClock clock;
  private final int maxOpenRows;
  private final Registration registration;
  private final FenceListener listener;

  private final List<Pending> entries = new ArrayList<>();
  private final List<Pending> adoptions = new ArrayList<>();
  private final Deque<OpenRow> open = new ArrayDeque<>();
  private final Map<UUID, Long> after = new TreeMap<>();
  private final Map<Long, Set<Integer>> voided = new TreeMap<>();
  private long next = LogRow.FIRST_POSITION;

  /** The row after the last one with entries that is settled. */
  private long settledTo = LogRow.FIRST_POSITION;

  /** What the last row that was made says is settled. */
  private long publishedTo = LogRow.FIRST_POSITION;

  /** The position where the marker would stand that is waited for; 0 if none is. */
  private long markerPosition;

  /** Completes when all that is to be logged is, from when on nothing more is taken. */
  private @Nullable CompletableFuture<Void> ending;

  private boolean closed;

  /** Whether a row that has no answer is not sent again, so that nothing after it is settled. */
  private boolean abandoned;

  private final Runnable send = this::send;

  /** When the last row was made; never goes back. */
  private Instant loggedAt = Instant.EPOCH;

  CommitLog(
      LogStorage storage,
      UUID writer,
      FenceClock clock,
      WriterSettings settings,
      FenceListener listener) {
    this.enabled = settings.maxOpenLogRows() > 0;
    this.storage = storage;
    this.writer = writer;
    this.clock = clock;
    this.maxOpenRows = settings.maxOpenLogRows();
    this.registration = new Registration(storage, writer, clock);
    this.listener = listener;
  }

  /** The next free position, for the rows of a batch that is about to be issued. */
  synchronized long nextPosition() {
    return enabled ? next : StoredBatch.UNLOGGED;
  }

  /**
   * Logs a batch whose rows are stored.
   *
   * @param fenced completes when the batch has passed the fence
   * @return completes when it is acknowledged; fails with effect {@code UNKNOWN}
   */
  CompletionStage<Void> append(LogEntry entry, CompletionStage<Void> fenced) {
    if (!enabled) {
      return fenced;
    }
    Pending batch = new Pending(List.of(entry));
    synchronized (this) {
      if (ending != null || abandoned) {
        return failedFuture(ended());
      }
      entries.add(batch);
    }
    Burst.atEnd(send);
    fenced.whenComplete((passed, failure) -> fenced(batch, failure));
    return batch.answer;
  }

  /**
   * Logs batches of one stream again; completes when their row is stored, or all rows where they do
   * not fit in one. Those of a later row are logged only when those before them are, so that no
   * reader hears of them alone.
   */
  CompletionStage<Void> adopt(List<LogEntry> batches) {
    if (!enabled || batches.isEmpty()) {
      return completedFuture(null);
    }
    int bytes = 0;
    int fitting = 0;
    while (fitting < Math.min(MAX_ENTRIES, batches.size())) {
      bytes += batches.get(fitting).sizeInBytes();
      if (fitting > 0 && bytes > MAX_BYTES) {
        break;
      }
      fitting++;
    }
    List<LogEntry> rest = batches.subList(fitting, batches.size());
    return adoptTogether(batches.subList(0, fitting)).thenCompose(done -> adopt(rest));
  }

  private CompletionStage<Void> adoptTogether(List<LogEntry> batches) {
    Pending adoption = new Pending(batches);
    adoption.fencePassed = true;
    synchronized (this) {
      if (ending != null || abandoned) {
        return failedFuture(ended());
      }
      adoptions.add(adoption);
    }
    send();
    return adoption.answer;
  }

  private FenceException ended() {
    return new FenceException(
        "writer %s has ended its log and writes no more".formatted(writer), Effect.UNKNOWN);
  }

  /** The next row, whichever it is, is to be read after these. */
  synchronized void depend(Map<UUID, Long> rows) {
    rows.forEach(
        (other, position) -> {
          if (!other.equals(writer)) {
            after.merge(other, position, Math::max);
          }
        });
  }

  private void fenced(Pending batch, @Nullable Throwable failure) {
    if (failure != null) {
      fail(List.of(batch), failure);
      return;
    }
    boolean acknowledged;
    boolean lastOfRow;
    synchronized (this) {
      batch.fencePassed = true;
      acknowledged = decide(batch);
      lastOfRow = acknowledged && isDecided(batch.row);
    }
    if (lastOfRow) {
      settle();
    }
    if (acknowledged) {
      batch.answer.complete(null);
    }
  }

  private static boolean isDecided(@Nullable OpenRow row) {
    return row != null && row.isDecided();
  }

  /** Whether the batch is to be acknowledged, which it is once. */
  private static boolean decide(Pending batch) {
    OpenRow row = batch.row;
    if (batch.decided || !batch.fencePassed || row == null || !row.stands) {
      return false;
    }
    batch.decided = true;
    row.undecided--;
    return true;
  }

  /** Sends the next row, if there is something to send and not too much is unsettled. */
  private void send() {
    OpenRow row;
    synchronized (this) {
      boolean adopts = !adoptions.isEmpty();
      List<Pending> waiting = adopts ? adoptions : entries;
      if (waiting.isEmpty() || open.size() >= maxOpenRows) {
        return;
      }
      row = after.size() > MAX_AFTER ? make(List.of(), true) : make(takeFirst(waiting), adopts);
    }
    insert(row);
  }

  /** Takes as many as a row has room for; one at least. */
  private static List<Pending> takeFirst(List<Pending> waiting) {
    int count = 0;
    int entries = 0;
    long bytes = 0;
    for (Pending next : waiting) {
      entries += next.entries.size();
      bytes += next.bytes;
      if (count > 0 && (entries > MAX_ENTRIES || bytes > MAX_BYTES)) {
        break;
      }
      count++;
    }
    List<Pending> first = waiting.subList(0, count);
    List<Pending> taken = List.copyOf(first);
    first.clear();
    return taken;
  }

  private OpenRow make(List<Pending> taken, boolean adopts) {
    List<LogEntry> logged = taken.stream().flatMap(one -> one.entries.stream()).toList();
    Instant now = clock.wall().instant();
    loggedAt = now.isBefore(loggedAt) ? loggedAt : now;
    OpenRow row =
        new OpenRow(
            new LogRow(
                next++,
                adopts ? List.of() : logged,
                settledTo,
                voided,
                takeAfter(),
                adopts ? logged : List.of(),
                loggedAt),
            taken);
    taken.forEach(one -> one.row = row);
    voided.clear();
    publishedTo = settledTo;
    open.add(row);
    return row;
  }

  /** As much as a row has room for; the rest goes with the next one. */
  private Map<UUID, Long> takeAfter() {
    Map<UUID, Long> taken = new TreeMap<>();
    Iterator<Map.Entry<UUID, Long>> all = after.entrySet().iterator();
    while (all.hasNext() && taken.size() < MAX_AFTER) {
      Map.Entry<UUID, Long> next = all.next();
      taken.put(next.getKey(), next.getValue());
      all.remove();
    }
    return taken;
  }

  private void insert(OpenRow row) {
    registration
        .number()
        .thenCompose(
            registered ->
                registration.isExpired()
                    ? failedFuture(
                        new FenceException(
                            "writer %s was cut off for so long that its log has been ended"
                                .formatted(writer),
                            Effect.UNKNOWN))
                    : storage.insertLogRow(writer, row.row))
        .whenComplete(
            (stored, failure) -> {
              if (failure == null) {
                listener.logged(row.row.entries().size());
                stored(row);
              } else if (isReplaced(row, failure)) {
                fail(row.waiting, FenceException.ofUnknownEffect(failure));
                insert(row);
              } else {
                retry(row, FenceException.ofUnknownEffect(failure));
              }
            });
  }

  /**
   * Puts an empty row in the place of one that was refused, if that can never take effect. Whether
   * it was too large or Cassandra has too few replicas, the batches in it fail: their rows are
   * stored, and whoever claims their streams adopts them.
   */
  private synchronized boolean isReplaced(OpenRow row, Throwable failure) {
    row.perhapsStored |=
        !(FenceException.causeOf(failure) instanceof FenceException refused
            && refused.effect() == Effect.NONE);
    if (row.perhapsStored || (row.row.entries().isEmpty() && row.row.adopted().isEmpty())) {
      return false;
    }
    row.row = row.row.withoutBatches();
    row.voided.clear();
    return true;
  }

  private void retry(OpenRow row, FenceException failure) {
    fail(waitingFor(row), failure);
    clock
        .pause(RETRY_DELAY)
        .thenAccept(
            paused -> {
              if (isAbandoned()) {
                fail(waitingFor(row), ended());
                endIfQuiet();
              } else {
                insert(row);
              }
            });
  }

  /** All that is not acknowledged before this row is stored. */
  private synchronized List<Pending> waitingFor(OpenRow row) {
    List<Pending> waiting = new ArrayList<>();
    open.stream()
        .filter(other -> other.row.position() >= row.row.position())
        .forEach(other -> waiting.addAll(other.waiting));
    waiting.addAll(entries);
    waiting.addAll(adoptions);
    return waiting;
  }

  private synchronized boolean isAbandoned() {
    abandoned |= closed;
    return abandoned;
  }

  /** To be called every few seconds. */
  CompletionStage<Void> maintain() {
    return registration.maintain();
  }

  /** Whether this writer has been silent for too long ever to log anything again. */
  boolean isExpired() {
    return registration.isExpired();
  }

  /**
   * Ends the log: nothing more is taken, and when what was taken is settled and said to be, the
   * writer is retired. Fails if a row is left without an answer after {@link #close}: nobody knows
   * then where the log ends.
   */
  CompletionStage<Void> end() {
    CompletableFuture<Void> over;
    synchronized (this) {
      if (ending == null) {
        ending = new CompletableFuture<>();
      }
      over = ending;
    }
    endIfQuiet();
    return over.thenCompose(quiet -> registration.retire(nextPosition()));
  }

  private void endIfQuiet() {
    CompletableFuture<Void> over;
    boolean lost;
    synchronized (this) {
      boolean quiet =
          entries.isEmpty() && adoptions.isEmpty() && open.isEmpty() && settledTo == publishedTo;
      lost = abandoned;
      over = quiet || lost ? ending : null;
    }
    if (over != null && lost) {
      over.completeExceptionally(ended());
    } else if (over != null) {
      over.complete(null);
    }
  }

  /**
   * No row that fails is sent again from now on: then what waits for it fails, and nothing more is
   * taken. What is under way otherwise goes on.
   */
  synchronized void close() {
    closed = true;
  }

  private void fail(List<Pending> batches, Throwable failure) {
    List<Pending> failed = new ArrayList<>();
    synchronized (this) {
      for (Pending batch : batches) {
        if (!batch.decided) {
          batch.decided = true;
          failed.add(batch);
          entries.remove(batch);
          adoptions.remove(batch);
          OpenRow row = batch.row;
          if (row != null) {
            row.undecided--;
            if (!row.row.entries().isEmpty()) {
              row.voided.add(row.waiting.indexOf(batch));
            }
          }
        }
      }
    }
    settle();
    failed.forEach(batch -> batch.answer.completeExceptionally(FenceException.causeOf(failure)));
  }

  private void stored(OpenRow stored) {
    List<Pending> acknowledged = new ArrayList<>();
    synchronized (this) {
      stored.stored = true;
      for (OpenRow row : open) {
        if (!row.stored) {
          break;
        }
        if (!row.stands) {
          row.stands = true;
          for (Pending batch : row.waiting) {
            if (decide(batch)) {
              acknowledged.add(batch);
            }
          }
        }
      }
    }
    settle();
    acknowledged.forEach(batch -> batch.answer.complete(null));
  }

  /** Takes note of the rows of which everything is decided, and goes on. */
  private void settle() {
    synchronized (this) {
      while (!open.isEmpty() && open.element().isDecided()) {
        OpenRow row = open.remove();
        if (!row.row.entries().isEmpty()) {
          settledTo = row.row.position() + 1;
        }
        if (!row.voided.isEmpty()) {
          voided.put(row.row.position(), Set.copyOf(row.voided));
        }
      }
    }
    send();
    awaitMarker();
    endIfQuiet();
  }

  private void awaitMarker() {
    synchronized (this) {
      if (settledTo == publishedTo || markerPosition > 0 || open.size() >= maxOpenRows) {
        return;
      }
      markerPosition = next;
    }
    clock.pause(MARKER_DELAY).thenAccept(paused -> mark());
  }

  private void mark() {
    OpenRow marker = null;
    synchronized (this) {
      if (next == markerPosition && settledTo > publishedTo) {
        marker = make(List.of(), true);
      }
      markerPosition = 0;
    }
    if (marker != null) {
      insert(marker);
    } else {
      awaitMarker();
    }
  }

  /** For tests: whatever can make a difference later. */
  synchronized String state() {
    StringBuilder state = new StringBuilder();
    state.append(next).append(' ').append(settledTo).append(' ').append(publishedTo);
    state.append(voided).append(after).append(markerPosition);
    open.forEach(
        row -> {
          state.append(row.row).append(row.stored).append(row.perhapsStored).append(row.voided);
          row.waiting.forEach(one -> state.append(one.fencePassed).append(one.decided));
        });
    entries.forEach(one -> state.append(one.entries).append(one.fencePassed));
    adoptions.forEach(one -> state.append(one.entries));
    return state.toString();
  }
}
