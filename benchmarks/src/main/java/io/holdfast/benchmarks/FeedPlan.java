// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * How much {@link FeedBenchmark} measures.
 *
 * @param parts what of it
 * @param load for the log on and off
 * @param delivery how long each case of the delivery is measured each time
 * @param events for catching up
 * @param batchEvents how many of them are persisted at once
 */
record FeedPlan(Set<Part> parts, Plan load, Duration delivery, int events, int batchEvents) {
  /** What there is to measure. */
  enum Part {
    LOG,
    DELIVERY,
    CATCH_UP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  FeedPlan {
    parts = Set.copyOf(parts);
    requirePositive("the time to measure each delivery", delivery.toSeconds());
    requirePositive("the number of events", events);
    requirePositive("the number of events in a batch", batchEvents);
  }

  private static void requirePositive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d; it must be at least 1".formatted(what, value));
    }
  }
}
