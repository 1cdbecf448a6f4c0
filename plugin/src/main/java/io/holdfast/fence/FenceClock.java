// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks of a machine. The wall clock draws epochs; time that has passed is told by both,
 * since each can stand still or be set while the other goes on. Nothing rests on the clocks of two
 * machines agreeing.
 *
 * @param wall the time of day
 * @param nanoTime nanoseconds since some moment, never set back
 */
public record FenceClock(InstantSource wall, LongSupplier nanoTime) {
  /** A moment on both clocks. */
  record Moment(Instant wall, long nanoTime) {}

  public FenceClock {
    requireNonNull(wall, "wall");
    requireNonNull(nanoTime, "nanoTime");
  }

  /** A wall clock beside this machine's monotonic one. */
  public static FenceClock of(InstantSource wall) {
    return new FenceClock(wall, System::nanoTime);
  }

  Moment now() {
    return new Moment(wall.instant(), nanoTime.getAsLong());
  }

  /** By the monotonic clock. */
  long nanosSince(Moment moment) {
    return nanoTime.getAsLong() - moment.nanoTime();
  }

  /** Whether more than that time has passed, by either clock. */
  boolean hasPassed(Duration time, Moment since) {
    Moment now = now();
    return now.nanoTime() - since.nanoTime() > time.toNanos()
        || Duration.between(since.wall(), now.wall()).compareTo(time) > 0;
  }
}
