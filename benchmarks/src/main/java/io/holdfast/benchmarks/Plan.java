// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;

/**
 * How much to measure.
 *
 * @param rounds how often to measure each case
 * @param window how long each time
 * @param warmUp how long to run each case before the first round
 */
record Plan(int rounds, Duration window, Duration warmUp) {
  Plan {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds is %d; it must be at least 1".formatted(rounds));
    }
    requirePositive("the time to measure each case", window);
    requirePositive("the warm-up", warmUp);
  }

  private static void requirePositive(String what, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("%s is %s; it must be above 0".formatted(what, duration));
    }
  }
}
