// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.decider;

import java.util.List;
import java.util.stream.IntStream;

/** Adds single steps, up to a highest count. */
final class Counter implements Decider<Counter.Add, Integer, Counter.Added> {
  static final int HIGHEST = 5_000;

  record Add(int steps) {}

  record Added(int step) {}

  static final class TooHighException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Integer initialState() {
    return 0;
  }

  @Override
  public List<Added> decide(Add command, Integer count) {
    if (count + command.steps() > HIGHEST) {
      throw new TooHighException();
    }
    return IntStream.rangeClosed(count + 1, count + command.steps()).mapToObj(Added::new).toList();
  }

  @Override
  public Integer evolve(Integer count, Added event) {
    if (event.step() != count + 1) {
      throw new IllegalStateException("step " + event.step() + " after " + count);
    }
    return event.step();
  }
}
