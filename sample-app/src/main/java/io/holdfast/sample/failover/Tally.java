// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What all clients of a run have been answered. Thread-safe. */
final class Tally {
  final LongAdder acknowledged = new LongAdder();
  final LongAdder conflicts = new LongAdder();
  final LongAdder unavailable = new LongAdder();
  final LongAdder unknown = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder repeated = new LongAdder();
  final LongAdder unsettled = new LongAdder();

  /** Answers that must not come; a run with any has failed. */
  final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

  @Override
  public String toString() {
    return String.format(
        "%,d acknowledged, %,d conflicts, %,d unknown, %,d unavailable, %,d retried (%,d were"
            + " stored already)",
        acknowledged.sum(),
        conflicts.sum(),
        unknown.sum(),
        unavailable.sum(),
        retried.sum(),
        repeated.sum());
  }
}
