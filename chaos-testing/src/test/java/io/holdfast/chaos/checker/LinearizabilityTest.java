// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.checker.LinearizabilityOracle.State;
import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.HistoryRecord;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The checker agrees with a search through all orders, on small histories of which many have an
 * answer changed: exactly where streams only grow; and without a false alarm where they are deleted
 * and closed, too.
 */
class LinearizabilityTest {
  private static final int HISTORIES = Integer.getInteger("holdfast.test.histories", 40) * 100;

  /** An operation, and the moment at which it takes place. */
  private record Planned(Op op, long moment) {}

  private final List<String> stream = new ArrayList<>();

  private List<Op> make(Random random, boolean changing) {
    stream.clear();
    List<Planned> planned = new ArrayList<>();
    int count = 3 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      long from = random.nextInt(40) * 2L;
      long to = from + 1 + random.nextInt(20) * 2L;
      Operation operation = operation(random, "e" + i, changing);
      Op op = new Op(i, "c" + i, operation, from, to, new Outcome.Unknown(""));
      planned.add(new Planned(op, from + random.nextInt((int) (to - from))));
    }
    planned.sort(Comparator.comparingLong(Planned::moment));
    State state = State.EMPTY;
    List<Op> ops = new ArrayList<>();
    for (Planned one : planned) {
      Op op = one.op();
      boolean lost = random.nextInt(6) == 0 && isWrite(op.operation());
      if (lost && random.nextBoolean()) {
        ops.add(op);
        continue;
      }
      State next = take(op, state);
      ops.add(lost ? op : answered(op, outcome(op, state, next)));
      state = next;
    }
    List<Event> kept = new ArrayList<>();
    for (long version = state.first(); version <= state.version(); version++) {
      kept.add(new Event(version, stream.get((int) version - 1)));
    }
    ops.add(
        new Op(
            count,
            "last",
            Operation.Read.last("s", 1),
            1000,
            1001,
            Outcome.ok(new Result.Events(state.version(), 0, kept))));
    return ops;
  }

  private static boolean isWrite(Operation operation) {
    return operation instanceof Operation.Append
        || operation instanceof Operation.Delete
        || operation instanceof Operation.Truncate
        || operation instanceof Operation.Close;
  }

  private static Op answered(Op op, Outcome outcome) {
    return new Op(
        op.number(), op.client(), op.operation(), op.invokedAt(), op.completedAt(), outcome);
  }

  private static Operation operation(Random random, String id, boolean changing) {
    Expected expected =
        switch (random.nextInt(5)) {
          case 0 -> Expected.noStream();
          case 1 -> Expected.streamExists();
          case 2 -> Expected.exactly(random.nextInt(3));
          default -> Expected.any();
        };
    return switch (random.nextInt(changing ? 11 : 7)) {
      case 0, 1, 2 -> new Operation.Append("s", List.of(id), expected);
      case 3, 4 -> new Operation.GetVersion("s", Consistency.LINEARIZABLE);
      case 5 -> new Operation.Exists("s", Consistency.LINEARIZABLE);
      case 6 -> new Operation.GetInfo("s", Consistency.LINEARIZABLE);
      case 7, 8 -> new Operation.Truncate("s", 1 + random.nextInt(4));
      case 9 -> new Operation.Delete("s", expected);
      default -> new Operation.Close("s", expected);
    };
  }

  private State take(Op op, State state) {
    if (!isWrite(op.operation()) || !state.isAsExpected(Appends.expectation(op))) {
      return state;
    } else if (op.operation() instanceof Operation.Append append) {
      if (state.closed()) {
        return state;
      }
      stream.add(append.ids().get(0));
      return state.append();
    }
    return state.change(op.operation());
  }

  private static Outcome outcome(Op op, State state, State next) {
    if (op.operation() instanceof Operation.GetVersion) {
      return Outcome.ok(new Result.Version(state.version()));
    } else if (op.operation() instanceof Operation.Exists) {
      return Outcome.ok(new Result.Existence(state.first() <= state.version()));
    } else if (op.operation() instanceof Operation.Append && state.closed()) {
      return new Outcome.Refused(true, "closed");
    } else if (!state.isAsExpected(Appends.expectation(op))) {
      return new Outcome.Conflict(state.version());
    } else if (op.operation() instanceof Operation.Append) {
      return Outcome.ok(new Result.Appended(next.version(), next.version(), false));
    }
    return Outcome.ok(next.info());
  }

  /** One answer is another, or one call is at another time. */
  private static List<Op> changed(List<Op> ops, Random random) {
    int index = random.nextInt(ops.size() - 1);
    Op op = ops.get(index);
    long by = random.nextBoolean() ? 1 : -1;
    Op changed = op;
    if (op.result() instanceof Result.Version version) {
      long other = Math.max(0, version.version() + by);
      changed = answered(op, Outcome.ok(new Result.Version(other)));
    } else if (op.result() instanceof Result.Existence existence) {
      changed = answered(op, Outcome.ok(new Result.Existence(!existence.exists())));
    } else if (op.outcome() instanceof Outcome.Conflict conflict) {
      long other = Math.max(0, conflict.actualVersion() + by);
      changed = answered(op, new Outcome.Conflict(other));
    } else {
      long from = Math.max(0, op.invokedAt() + by * 2 * random.nextInt(30));
      long to = from + op.completedAt() - op.invokedAt();
      changed = new Op(op.number(), op.client(), op.operation(), from, to, op.outcome());
    }
    List<Op> all = new ArrayList<>(ops);
    all.set(index, changed);
    return all;
  }

  private static List<Violation> check(List<Op> ops) {
    StreamHistory history = new StreamHistory("s");
    ops.forEach(history::add);
    HistoryRecord.Header header =
        new HistoryRecord.Header(0, HistoryRecord.FORMAT, "", 0, Map.of());
    return Checker.check(
            new RecordedHistory(header, List.of(history), List.of(), List.of(), 0, false))
        .violations();
  }

  private static String text(List<Op> ops) {
    StringBuilder text = new StringBuilder();
    for (Op op : ops) {
      text.append("%n  [%d, %d] %s".formatted(op.invokedAt(), op.completedAt(), op.text()));
    }
    return text.toString();
  }

  @Test
  void isDecidedExactlyWhereStreamsOnlyGrow() {
    int wrong = 0;
    for (long seed = 1; seed <= HISTORIES; seed++) {
      Random random = new Random(seed);
      List<Op> ops = make(random, false);
      List<Op> some = random.nextInt(4) == 0 ? ops : changed(ops, random);
      boolean linearizable = LinearizabilityOracle.isLinearizable(some);
      wrong += linearizable ? 0 : 1;
      assertThat(check(some).isEmpty())
          .as("seed %d, %s: %s%s", seed, linearizable, check(some), text(some))
          .isEqualTo(linearizable);
    }
    assertThat(wrong).isBetween(HISTORIES / 5, HISTORIES * 4 / 5);
  }

  @Test
  void isNeverDeniedWhereStreamsAreDeletedAndClosed() {
    int wrong = 0;
    int missed = 0;
    for (long seed = 1; seed <= HISTORIES; seed++) {
      Random random = new Random(seed);
      List<Op> ops = make(random, true);
      List<Op> some = random.nextInt(4) == 0 ? ops : changed(ops, random);
      List<Violation> found = check(some);
      if (LinearizabilityOracle.isLinearizable(some)) {
        assertThat(found).as("seed %d: %s", seed, text(some)).isEmpty();
      } else {
        wrong++;
        missed += found.isEmpty() ? 1 : 0;
      }
    }
    System.out.printf(
        "%,d of %,d histories are wrong; %,d were missed%n", wrong, HISTORIES, missed);
    assertThat(missed).as("of %d", wrong).isLessThan(wrong / 10);
  }
}
