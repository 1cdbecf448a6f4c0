// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What may have been deleted of a stream, by when. A deletion is of a prefix, so a version below
 * which all may be gone says it.
 *
 * <p>A deletion that failed may have taken place at any time from its invocation on. So may one
 * that was answered with a conflict: a store that repeats a deletion by itself, because an answer
 * did not come, may find the stream changed meanwhile. Every {@code maxCount} that was ever set may
 * be in force still.
 */
final class Deletions {
  private static final long ALL = Long.MAX_VALUE;

  /** From a time on, all below a version may be gone; or all but so many. */
  private record Step(long from, long below, long maxCount, Op by) {}

  private final List<Step> steps = new ArrayList<>();
  private final Best belows;
  private final Best maxCounts;

  Deletions(List<Op> ops) {
    List<Claim> counts = new ArrayList<>();
    for (Op op : ops) {
      if (mayDelete(op)) {
        steps.add(new Step(op.invokedAt(), below(op), 0, op));
      } else if (op.operation() instanceof Operation.SetMaxCount set
          && set.maxCount() > 0
          && op.outcome().mayHaveTakenPlace()) {
        steps.add(new Step(op.invokedAt(), ALL, set.maxCount(), op));
        // The lowest is the strongest.
        counts.add(new Claim(-set.maxCount(), op.invokedAt(), op));
      }
    }
    steps.sort(Comparator.comparingLong(Step::from));
    List<Claim> claims = new ArrayList<>();
    for (Step step : steps) {
      if (step.maxCount() == 0) {
        claims.add(new Claim(step.below(), step.from(), step.by()));
      }
    }
    this.belows = Best.ofThoseBelow(claims, Claim::at, Claim::value);
    this.maxCounts = Best.ofThoseBelow(counts, Claim::at, Claim::value);
  }

  private static boolean mayDelete(Op op) {
    boolean deletes =
        op.operation() instanceof Operation.Truncate || op.operation() instanceof Operation.Delete;
    return deletes
        && (op.outcome().mayHaveTakenPlace() || op.outcome() instanceof Outcome.Conflict);
  }

  private static long below(Op op) {
    if (op.result() instanceof Result.Info info) {
      return info.firstVersion();
    }
    return op.operation() instanceof Operation.Truncate truncate ? truncate.before() : ALL;
  }

  /** Says to the register of the first version until when it cannot have been more. */
  void limit(Register first) {
    long below = 1;
    for (Step step : steps) {
      if (below == ALL) {
        return;
      }
      first.atMost(below, step.from(), step.by());
      below = Math.max(below, step.below());
    }
    first.atMost(below, Op.NEVER, null);
  }

  /** The version below which all may be gone at a time. */
  long below(long time, StreamModel model) {
    long until = time == Op.NEVER ? time : time + 1;
    Claim deleted = belows.below(until);
    long below = deleted == null ? 1 : deleted.value();
    Claim limited = maxCounts.below(until);
    if (limited != null) {
      long highest = Math.min(model.version.highest(time), model.highestPossible());
      below = Math.max(below, highest == ALL ? ALL : highest + limited.value() + 1);
    }
    return Math.min(below, model.first.highest(time));
  }
}
