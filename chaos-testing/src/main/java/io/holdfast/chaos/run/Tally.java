// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.history.Outcome;
import java.util.concurrent.atomic.LongAdder;

/** What clients were answered so far, for the progress. Thread-safe. */
final class Tally {
  private final LongAdder ok = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unavailable = new LongAdder();
  private final LongAdder unknown = new LongAdder();

  void count(Outcome outcome) {
    LongAdder counter =
        outcome instanceof Outcome.Ok
            ? ok
            : outcome instanceof Outcome.Unavailable
                ? unavailable
                : outcome instanceof Outcome.Unknown ? unknown : refused;
    counter.increment();
  }

  long acknowledged() {
    return ok.sum();
  }

  @Override
  public String toString() {
    return "%,d acknowledged, %,d refused or in conflict, %,d unavailable, %,d unknown"
        .formatted(ok.sum(), refused.sum(), unavailable.sum(), unknown.sum());
  }
}
