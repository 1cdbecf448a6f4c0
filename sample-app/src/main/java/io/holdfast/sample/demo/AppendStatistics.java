// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How many appends there were, and how long they took. Thread-safe. */
final class AppendStatistics {
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double MICROS_PER_MILLI = 1_000;

  private final Histogram latencyMicros = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
  private final LongAdder repeated = new LongAdder();
  private final LongAdder already = new LongAdder();

  /** One event was appended. */
  void appended(long nanos) {
    latencyMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  /** One attempt failed and will be repeated. */
  void repeated() {
    repeated.increment();
  }

  /** One event was there before. */
  void alreadyStored() {
    already.increment();
  }

  /** How many events were there before. */
  long eventsThereBefore() {
    return already.sum();
  }

  /** How many events were appended. */
  long events() {
    return latencyMicros.getTotalCount();
  }

  /** How many attempts were repeated. */
  long repetitions() {
    return repeated.sum();
  }

  /** The time of an append, with its repetitions, that so many percent of them did not exceed. */
  double latencyMillis(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }
}
