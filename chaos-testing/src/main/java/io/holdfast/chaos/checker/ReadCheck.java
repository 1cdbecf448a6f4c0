// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read gives all events of its range, in order; left out is only what may be deleted by its end.
 * A recovery is a read of the whole stream. Which event stands at a version is the matter of {@link
 * OrderCheck}, and whether the read was old, of {@link MomentCheck}.
 */
final class ReadCheck {
  /**
   * What a read has to give.
   *
   * @param to the highest version; below {@code from} for nothing
   */
  private record Range(long from, long to) {}

  private final StreamModel model;
  private final Findings findings;

  ReadCheck(StreamModel model) {
    this.model = model;
    this.findings = model.findings;
  }

  void check() {
    for (Op op : model.history().ops()) {
      if (op.operation() instanceof Operation.Read asked
          && op.result() instanceof Result.Events read) {
        List<Event> events = new ArrayList<>(read.events());
        if (asked.reverse()) {
          Collections.reverse(events);
        }
        long to = read.version() < 0 ? asked.to() : Math.min(asked.to(), read.version());
        if (isOrdered(op, events, asked.from(), to)) {
          checkComplete(op, events, covered(asked, read, events));
        }
      } else if (op.result() instanceof Result.Recovered recovered) {
        checkRecovered(op, recovered);
      }
    }
  }

  private void checkRecovered(Op op, Result.Recovered recovered) {
    if (recovered.snapshotAt() > recovered.version()) {
      findings.add(
          ViolationKind.SNAPSHOT_MISMATCH,
          "%s: the snapshot is ahead of the events".formatted(op.text()),
          op);
    } else if (isOrdered(op, recovered.events(), 1, recovered.version())) {
      checkComplete(op, recovered.events(), new Range(1, recovered.version()));
    }
  }

  private boolean isOrdered(Op op, List<Event> events, long from, long to) {
    long before = from - 1;
    for (Event event : events) {
      if (event.version() <= before || event.version() > to) {
        findings.add(
            ViolationKind.UNORDERED_READ,
            "%s: event %s at version %d is out of order or range"
                .formatted(op.text(), event.id(), event.version()),
            op);
        return false;
      }
      before = event.version();
    }
    return true;
  }

  private static Range covered(Operation.Read asked, Result.Events read, List<Event> events) {
    boolean full = asked.limit() > 0 && events.size() >= asked.limit();
    long lowest = events.isEmpty() ? asked.from() : events.get(0).version();
    long highest = events.isEmpty() ? 0 : events.get(events.size() - 1).version();
    long end = Math.min(asked.to(), read.version() < 0 ? highest : read.version());
    if (asked.reverse()) {
      long goesOn = read.continueFrom() > 0 ? read.continueFrom() + 1 : asked.from();
      return new Range(full ? lowest : goesOn, end);
    }
    long goesOn = read.continueFrom() > 0 ? read.continueFrom() - 1 : end;
    return new Range(asked.from(), full ? highest : Math.min(goesOn, end));
  }

  /**
   * @param events in order
   */
  private void checkComplete(Op op, List<Event> events, Range range) {
    long missing = highestMissing(events, range);
    if (missing < range.from() || missing < model.deletedBelow(op.completedAt())) {
      return;
    }
    Evidence known = model.order().witness(missing);
    findings.add(
        kindOf(op, missing, known),
        "%s: version %d is missing".formatted(op.text(), missing),
        op,
        known);
  }

  private static long highestMissing(List<Event> events, Range range) {
    long expected = range.to();
    for (int i = events.size() - 1; i >= 0; i--) {
      long version = events.get(i).version();
      if (version > expected) {
        continue;
      } else if (version < expected) {
        break;
      }
      expected--;
    }
    return expected;
  }

  private static ViolationKind kindOf(Op op, long missing, @Nullable Evidence known) {
    if (missing <= op.snapshotAt()) {
      return ViolationKind.SNAPSHOT_MISMATCH;
    } else if (known == null) {
      return ViolationKind.GAP;
    } else if (op.isLastRead()
        && known instanceof Op other
        && other.operation() instanceof Operation.Adding) {
      return ViolationKind.LOST;
    }
    return known.to() < op.from() ? ViolationKind.VANISHED : ViolationKind.GAP;
  }
}
