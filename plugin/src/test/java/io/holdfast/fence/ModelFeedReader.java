// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import io.holdfast.fence.ModelEvents.Row;
import io.holdfast.fence.ModelStorage.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads all logs and delivers the events that they tell of. What is read stays so, and whatever
 * happens between the reads that one row takes could as well happen before them: so a row is read,
 * settled and delivered in one step.
 *
 * <p>In every state, readers that begin there take the rows in every order that the rules allow. A
 * reader that has begun earlier differs from these in one thing only, what it took for settled
 * then: so one that always takes all that there is goes along. Where the bounds ask for it, one
 * goes along besides that takes what it likes when it likes.
 */
final class ModelFeedReader {
  /** How far one reader has come. */
  private static final class Progress {
    final TreeMap<UUID, Long> positions = new TreeMap<>();

    /** The events that were delivered, by sequence number less one. */
    final List<String> delivered = new ArrayList<>();

    Progress() {}

    Progress(Progress other) {
      positions.putAll(other.positions);
      delivered.addAll(other.delivered);
    }

    void describe(StringBuilder state) {
      state.append("|F").append(delivered);
      positions.forEach(
          (writer, position) ->
              state
                  .append(writer.getMostSignificantBits())
                  .append('.')
                  .append(writer.getLeastSignificantBits())
                  .append('@')
                  .append(position));
    }
  }

  private final ModelStorage storage;
  private final ModelStorage.View view;
  private final Fault fault;
  private final Progress eager = new Progress();
  private final @Nullable Progress free;

  ModelFeedReader(ModelStorage storage, Bounds bounds, Fault fault) {
    this.storage = storage;
    this.fault = fault;
    this.free = bounds.freeFeedReader() ? new Progress() : null;
    this.view = storage.new View(bounds.writers() + 1, new ArrayList<>());
    view.immediate = true;
  }

  void addChoices(List<World.Choice> choices) {
    Progress reader = free;
    if (reader == null) {
      return;
    }
    Step step = new Step();
    for (UUID writer : storage.loggers()) {
      MergedLogs.Taken taken = step.next(reader, writer);
      if (taken != null) {
        choices.add(
            new World.Choice(
                () -> "F reads " + taken.row().position() + " of W" + writer,
                () -> step.deliver(reader, taken)));
      }
    }
  }

  /** The eager reader reads on; to be called after each step of the others. */
  void readOn() {
    new Step().readAll(eager);
  }

  /**
   * @param acknowledged what every reader must be given, if the stream is not being claimed
   */
  void check(List<Row> history, List<@Nullable String> acknowledged) {
    Step step = new Step();
    step.checkDelivered(eager, history);
    if (free != null) {
      step.checkDelivered(free, history);
    }
    if (!storage.isBeingClaimed()) {
      for (Progress reader : free == null ? List.of(eager) : List.of(eager, free)) {
        Progress later = new Progress(reader);
        step.readAll(later);
        step.checkComplete(later, acknowledged);
      }
    }
    step.checkAllOrders(new Progress(), history, acknowledged, new HashSet<>());
  }

  void describe(StringBuilder state) {
    eager.describe(state);
    if (free != null) {
      free.describe(state);
    }
  }

  /** What readers find in one state. */
  private final class Step {
    private final List<UUID> writers = storage.loggers();
    private final Map<UUID, List<LogRow>> logs = new HashMap<>();
    private final Map<LogRow, Optional<Set<Integer>>> settled = new HashMap<>();
    private final long deletedTo;

    Step() {
      StreamOwnership row = storage.ownership();
      deletedTo = row == null ? 0 : row.deletedTo();
      writers.forEach(writer -> logs.put(writer, storage.log(writer, LogRow.FIRST_POSITION)));
    }

    MergedLogs.@Nullable Taken next(Progress reader, UUID writer) {
      MergedLogs merged = new MergedLogs();
      for (UUID log : writers) {
        long position = reader.positions.getOrDefault(log, LogRow.FIRST_POSITION);
        merged.add(log, position);
        List<LogRow> rows = logs.getOrDefault(log, List.of());
        merged.read(log, rows.subList((int) (position - LogRow.FIRST_POSITION), rows.size()));
      }
      Optional<MergedLogs.Taken> taken = merged.take(writer);
      if (taken.isPresent()) {
        return taken.get();
      }
      Optional<LogRow> unsettled = merged.unsettled(writer);
      return unsettled
          .flatMap(row -> settled.computeIfAbsent(row, this::settle))
          .map(voided -> merged.settle(writer, voided))
          .orElse(null);
    }

    private Optional<Set<Integer>> settle(LogRow row) {
      return fault == Fault.DELIVERY_BEFORE_FINAL
          ? Optional.of(Set.of())
          : new LastRows(view).settle(row).toCompletableFuture().join();
    }

    void deliver(Progress reader, MergedLogs.Taken taken) {
      reader.positions.put(taken.writer(), taken.row().position() + 1);
      for (LogEntry entry : taken.entries().values()) {
        List<Row> rows = storage.batch(entry);
        if (rows.isEmpty() && entry.lastSequenceNr() > deletedTo) {
          throw new Violation("a log tells of " + entry + ", which does not stand");
        }
        rows.forEach(row -> deliver(reader, row));
      }
    }

    private void deliver(Progress reader, Row row) {
      int at = (int) row.sequenceNr() - 1;
      List<String> delivered = reader.delivered;
      while (delivered.size() < at && delivered.size() < deletedTo) {
        delivered.add(ModelStorage.DELETED);
      }
      if (at > delivered.size()) {
        throw new Violation("after " + delivered + " is delivered " + row);
      } else if (at == delivered.size()) {
        delivered.add(row.event());
      } else if (!delivered.get(at).equals(row.event())) {
        throw new Violation("among " + delivered + " is delivered " + row);
      }
    }

    void readAll(Progress reader) {
      boolean found = true;
      while (found) {
        found = false;
        for (UUID writer : writers) {
          MergedLogs.Taken taken = next(reader, writer);
          if (taken != null) {
            deliver(reader, taken);
            found = true;
          }
        }
      }
    }

    void checkAllOrders(
        Progress reader,
        List<Row> history,
        List<@Nullable String> acknowledged,
        Set<String> known) {
      if (!known.add(reader.positions + " " + reader.delivered)) {
        return;
      }
      checkDelivered(reader, history);
      boolean found = false;
      for (UUID writer : writers) {
        MergedLogs.Taken taken = next(reader, writer);
        if (taken != null) {
          found = true;
          Progress later = new Progress(reader);
          deliver(later, taken);
          checkAllOrders(later, history, acknowledged, known);
        }
      }
      if (!found && !storage.isBeingClaimed()) {
        checkComplete(reader, acknowledged);
      }
    }

    void checkDelivered(Progress reader, List<Row> history) {
      for (int i = 0; i < reader.delivered.size(); i++) {
        if (!World.isAt(i, reader.delivered.get(i), history)) {
          throw new Violation(
              "delivered were " + reader.delivered + ", but the history is " + history);
        }
      }
    }

    void checkComplete(Progress reader, List<@Nullable String> acknowledged) {
      for (int i = 0; i < acknowledged.size(); i++) {
        String event = acknowledged.get(i);
        if (event != null
            && i >= deletedTo
            && (i >= reader.delivered.size() || !reader.delivered.get(i).equals(event))) {
          throw new Violation(
              "of " + acknowledged + " no more is delivered than " + reader.delivered);
        }
      }
    }
  }
}
