// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes do what they say, and {@code maxCount} holds while it is certainly in force: after one
 * setting of it has succeeded, with none of the others under way, and before the next is invoked.
 */
final class ChangeCheck {
  /** Between two times, {@code maxCount} certainly had a value. */
  private record InForce(long from, long to, long maxCount, @Nullable Op by) {}

  private final StreamModel model;
  private final Findings findings;
  private final List<Op> settings = new ArrayList<>();

  /** When each value was asked for first. */
  private final Map<Long, Long> askedFor = new HashMap<>();

  private final NavigableMap<Long, InForce> inForce = new TreeMap<>();

  ChangeCheck(StreamModel model) {
    this.model = model;
    this.findings = model.findings;
    for (Op op : model.history().ops()) {
      if (op.operation() instanceof Operation.SetMaxCount set && op.outcome().mayHaveTakenPlace()) {
        settings.add(op);
        askedFor.merge(set.maxCount(), op.invokedAt(), Math::min);
      }
    }
    settings.sort(Comparator.comparingLong(Op::invokedAt));
    findTimes();
  }

  private void findTimes() {
    long until = settings.isEmpty() ? Op.NEVER : settings.get(0).invokedAt();
    inForce.put(Long.MIN_VALUE, new InForce(Long.MIN_VALUE, until, 0, null));
    long settled = Long.MIN_VALUE;
    for (int i = 0; i < settings.size(); i++) {
      Op op = settings.get(i);
      long next = i + 1 < settings.size() ? settings.get(i + 1).invokedAt() : Op.NEVER;
      if (op.invokedAt() > settled && op.effectUntil() < next) {
        long maxCount = ((Operation.SetMaxCount) op.operation()).maxCount();
        inForce.put(op.effectUntil(), new InForce(op.effectUntil(), next, maxCount, op));
      }
      settled = Math.max(settled, op.effectUntil());
    }
  }

  void check() {
    for (Op op : model.history().ops()) {
      if (op.result() instanceof Result.Info info) {
        checkInfo(op, info);
      } else if (op.operation() instanceof Operation.Read
          && op.result() instanceof Result.Events events
          && !op.mayBeOld()
          && events.version() >= 0) {
        checkKept(op, events.version(), lowest(events.events()));
      }
    }
  }

  private static long lowest(List<Event> events) {
    return events.stream().mapToLong(Event::version).min().orElse(Long.MAX_VALUE);
  }

  private void checkInfo(Op op, Result.Info info) {
    long first = info.firstVersion();
    boolean wrong = first < 1 || first > info.version() + 1;
    if (op.operation() instanceof Operation.Truncate truncate) {
      wrong |= first < Math.min(truncate.before(), info.version() + 1);
    } else if (op.operation() instanceof Operation.Delete) {
      wrong |= first != info.version() + 1;
    } else if (op.operation() instanceof Operation.Close) {
      wrong |= !info.closed();
    } else if (op.operation() instanceof Operation.SetMaxCount set) {
      wrong |= info.maxCount() != set.maxCount();
    }
    if (wrong || !wasSet(info.maxCount(), op)) {
      findings.add(
          ViolationKind.UNEXPLAINED_ANSWER,
          "%s: that is not what it should be".formatted(op.text()),
          op);
    } else if (!op.mayBeOld()) {
      checkKept(op, info.version(), first);
      checkMaxCount(op, info.maxCount());
    }
  }

  /** Whether somebody had asked for that {@code maxCount}. */
  private boolean wasSet(long maxCount, Op op) {
    Long askedAt = askedFor.get(maxCount);
    return maxCount == 0 || (askedAt != null && askedAt <= op.completedAt());
  }

  private @Nullable InForce inForce(Op op) {
    Map.Entry<Long, InForce> time = inForce.lowerEntry(op.invokedAt());
    return time != null && op.completedAt() < time.getValue().to() ? time.getValue() : null;
  }

  private void checkKept(Op op, long version, long lowest) {
    InForce time = inForce(op);
    if (time != null && time.maxCount() > 0 && lowest <= version - time.maxCount()) {
      findings.add(
          ViolationKind.DELETED_BUT_READ,
          "%s: with maxCount %d, version %d is not kept"
              .formatted(op.text(), time.maxCount(), lowest),
          op,
          time.by());
    }
  }

  private void checkMaxCount(Op op, long maxCount) {
    InForce time = inForce(op);
    if (time != null && time.maxCount() != maxCount) {
      findings.add(
          ViolationKind.STALE_READ,
          "%s: maxCount was %d".formatted(op.text(), time.maxCount()),
          op,
          time.by());
    }
  }
}
