// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Merges the logs of all writers into one sequence in which each stream's batches come in order,
 * none is missing, and none is of a write that was not acknowledged unless a claim made it history.
 *
 * <p>Of each log the rows are taken in the order of their positions. A row is taken when the reader
 * has come as far in other logs as it asks for, and when it is final; its void entries are left
 * out. A last row that stays last is {@linkplain #unsettled shown}, to be settled by other means.
 * Of rows that may be taken the one that was logged first by its writer's clock is, which makes a
 * pleasant order and no more. Not thread-safe.
 */
public final class MergedLogs {
  /**
   * A row that is taken.
   *
   * @param entries what it tells of, by the entry's index in the row
   */
  public record Taken(UUID writer, LogRow row, Map<Integer, LogEntry> entries) {}

  /** What was read of one log and not taken yet. */
  private static final class Log {
    long position;
    long settledTo;
    final Deque<LogRow> rows = new ArrayDeque<>();
    final Map<Long, Set<Integer>> voided = new TreeMap<>();

    /** From here on no row is taken. */
    long end = Long.MAX_VALUE;

    Log(long position) {
      this.position = position;
    }

    boolean isFinal(LogRow row) {
      return row.entries().isEmpty() || row.position() < settledTo;
    }
  }

  private final Map<UUID, Log> logs = new TreeMap<>();
  private final Predicate<UUID> isFinished;

  /** No log is finished. */
  public MergedLogs() {
    this(writer -> false);
  }

  /**
   * @param isFinished of logs that are not being read, whether all their rows have been taken, and
   *     none will follow
   */
  public MergedLogs(Predicate<UUID> isFinished) {
    this.isFinished = isFinished;
  }

  /**
   * Begins to read a log, unless it is known.
   *
   * @param position the first row to take
   */
  public void add(UUID writer, long position) {
    logs.computeIfAbsent(writer, id -> new Log(position));
  }

  /** Takes no row of a log from that position on; they may be read all the same. */
  public void endAt(UUID writer, long end) {
    log(writer).end = end;
  }

  /** Reads no more of a log, since it is finished. */
  public void finish(UUID writer) {
    logs.remove(writer);
  }

  /** Whether all that is to be taken of a log has been. */
  public boolean isAtEnd(UUID writer) {
    return log(writer).position >= log(writer).end;
  }

  /** How many rows of a log were read and not taken. */
  public int ahead(UUID writer) {
    return log(writer).rows.size();
  }

  /** The position of the first row of a log that has not been read yet. */
  public long nextToRead(UUID writer) {
    Log log = log(writer);
    return log.position + log.rows.size();
  }

  /** Rows that were read, from {@link #nextToRead} on, without gap. */
  public void read(UUID writer, List<LogRow> rows) {
    Log log = log(writer);
    for (LogRow row : rows) {
      if (row.position() != nextToRead(writer)) {
        throw new IllegalArgumentException(
            "row %d of log %s instead of %d".formatted(row.position(), writer, nextToRead(writer)));
      }
      log.rows.add(row);
      log.settledTo = Math.max(log.settledTo, row.settledTo());
      log.voided.putAll(row.voided());
    }
  }

  /** Takes the next row, if there is one that may be taken. */
  public Optional<Taken> take() {
    return logs.entrySet().stream()
        .filter(one -> mayBeTaken(one.getValue()))
        .min(Comparator.comparing(one -> one.getValue().rows.element().loggedAt()))
        .map(one -> take(one.getKey(), one.getValue()));
  }

  /** Takes the next row of one log, if it may be taken. */
  public Optional<Taken> take(UUID writer) {
    Log log = log(writer);
    return mayBeTaken(log) ? Optional.of(take(writer, log)) : Optional.empty();
  }

  private boolean mayBeTaken(Log log) {
    LogRow row = log.rows.peek();
    return row != null && row.position() < log.end && log.isFinal(row) && isBehind(row);
  }

  private boolean isBehind(LogRow row) {
    return row.after().entrySet().stream()
        .allMatch(needed -> isReached(needed.getKey(), needed.getValue()));
  }

  /** A writer that logged nothing may be on no list of writers: nothing of it is waited for. */
  private boolean isReached(UUID writer, long position) {
    Log log = logs.get(writer);
    return position <= LogRow.FIRST_POSITION
        || (log == null ? isFinished.test(writer) : log.position >= position);
  }

  private Taken take(UUID writer, Log log) {
    LogRow row = log.rows.remove();
    log.position++;
    Set<Integer> voided = requireNonNull(log.voided.getOrDefault(row.position(), Set.of()));
    log.voided.remove(row.position());
    List<LogEntry> told = row.entries().isEmpty() ? row.adopted() : row.entries();
    Map<Integer, LogEntry> valid = new TreeMap<>();
    for (int i = 0; i < told.size(); i++) {
      if (!voided.contains(i)) {
        valid.put(i, told.get(i));
      }
    }
    return new Taken(writer, row, valid);
  }

  /**
   * The row of a log that would be next, and is the last that was read, if it is not final.
   *
   * @return empty if it is to wait for other logs in any case
   */
  public Optional<LogRow> unsettled(UUID writer) {
    LogRow row = log(writer).rows.peek();
    return row == null
            || row.position() >= log(writer).end
            || log(writer).isFinal(row)
            || !isBehind(row)
        ? Optional.empty()
        : Optional.of(row);
  }

  /**
   * Takes the row that {@link #unsettled} shows.
   *
   * @param voided the indexes of its entries that are not history and never will be
   */
  public Taken settle(UUID writer, Set<Integer> voided) {
    Log log = log(writer);
    LogRow row = log.rows.element();
    log.settledTo = Math.max(log.settledTo, row.position() + 1);
    log.voided.put(row.position(), voided);
    return take(writer, log);
  }

  /** The logs that the next row of some log waits for. */
  public Set<UUID> awaited() {
    Set<UUID> awaited = new HashSet<>();
    for (Log log : logs.values()) {
      LogRow row = log.rows.peek();
      if (row != null) {
        row.after()
            .forEach(
                (writer, position) -> {
                  if (!isReached(writer, position)) {
                    awaited.add(writer);
                  }
                });
      }
    }
    return awaited;
  }

  private Log log(UUID writer) {
    Log log = logs.get(writer);
    if (log == null) {
      throw new IllegalArgumentException("the log of writer %s was not added".formatted(writer));
    }
    return log;
  }
}
