// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a few operations on one stream are linearizable by trying all orders: what the
 * checker must agree with, at a price that it must not have.
 */
final class LinearizabilityOracle {
  /** The stream between two operations. */
  record State(long version, long first, boolean closed) {
    static final State EMPTY = new State(0, 1, false);

    boolean isAsExpected(Expected expected) {
      return switch (expected.kind()) {
        case ANY -> true;
        case NO_STREAM -> first > version;
        case STREAM_EXISTS -> first <= version;
        case EXACTLY -> version == expected.version();
      };
    }

    Result.Info info() {
      return new Result.Info(version, first, closed, 0);
    }

    /** After a change that takes place. */
    State change(Operation change) {
      if (change instanceof Operation.Truncate truncate) {
        long below = Math.min(truncate.before(), version + 1);
        return new State(version, Math.max(first, below), closed);
      } else if (change instanceof Operation.Delete) {
        return new State(version, version + 1, closed);
      }
      return new State(version, first, true);
    }

    State append() {
      return new State(version + 1, first, closed);
    }
  }

  /** What is known of which event stands where. */
  private final Map<Long, String> known = new HashMap<>();

  private LinearizabilityOracle(List<Op> ops) {
    for (Op op : ops) {
      for (Event event : op.events()) {
        known.put(event.version(), event.id());
      }
      if (op.result() instanceof Result.Appended appended
          && op.operation() instanceof Operation.Append append) {
        known.putIfAbsent(appended.first(), append.ids().get(0));
      }
    }
  }

  static boolean isLinearizable(List<Op> ops) {
    return new LinearizabilityOracle(ops).search(new ArrayList<>(ops), State.EMPTY);
  }

  private boolean search(List<Op> left, State state) {
    boolean done = left.stream().allMatch(op -> op.outcome() instanceof Outcome.Unknown);
    if (done) {
      return true;
    }
    long firstEnd = left.stream().mapToLong(Op::effectUntil).min().orElseThrow();
    for (Op op : left) {
      if (op.invokedAt() <= firstEnd) {
        State next = step(op, state);
        if (next != null) {
          List<Op> others = new ArrayList<>(left);
          others.remove(op);
          if (search(others, next)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private @Nullable State step(Op op, State state) {
    Operation operation = op.operation();
    Expected expected = Appends.expectation(op);
    if (op.outcome() instanceof Outcome.Conflict conflict) {
      boolean told = conflict.actualVersion() == state.version();
      boolean closed = operation instanceof Operation.Append && state.closed();
      return told && !closed && !state.isAsExpected(expected) ? state : null;
    } else if (op.outcome() instanceof Outcome.Refused) {
      return state.closed() ? state : null;
    } else if (operation instanceof Operation.Append append) {
      return append(append, op.result(), state);
    } else if (operation instanceof Operation.Read) {
      return isReadOf(op, state) ? state : null;
    } else if (op.result() instanceof Result.Version version) {
      return version.version() == state.version() ? state : null;
    } else if (op.result() instanceof Result.Existence existence) {
      return existence.exists() == (state.first() <= state.version()) ? state : null;
    } else if (operation instanceof Operation.GetInfo) {
      return state.info().equals(op.result()) ? state : null;
    }
    State next = state.isAsExpected(expected) ? state.change(operation) : null;
    boolean unknown = op.outcome() instanceof Outcome.Unknown;
    return next != null && (unknown || next.info().equals(op.result())) ? next : null;
  }

  private @Nullable State append(Operation.Append append, @Nullable Result result, State state) {
    State next = state.append();
    String there = known.get(next.version());
    boolean fits =
        there == null
            ? !known.containsValue(append.ids().get(0))
            : there.equals(append.ids().get(0));
    boolean told =
        result == null
            || (result instanceof Result.Appended appended && appended.first() == next.version());
    return fits && told && !state.closed() && state.isAsExpected(append.expected()) ? next : null;
  }

  private static boolean isReadOf(Op op, State state) {
    if (!(op.result() instanceof Result.Events read) || read.version() != state.version()) {
      return false;
    }
    long expected = state.first();
    for (Event event : read.events()) {
      if (event.version() != expected++) {
        return false;
      }
    }
    return expected == state.version() + 1;
  }
}
