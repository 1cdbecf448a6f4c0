// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The two clocks of a machine. The wall clock draws epochs; time that has passed is told by both,
 * since each can stand still or be set while the other goes on. Nothing rests on the clocks of two
 * machines agreeing.
 *
 * @param wall the time of day
 * @param nanoTime nanoseconds since some moment, never set back
 * @param pauses a stage that completes when that time has passed
 */
public record FenceClock(
    InstantSource wall, LongSupplier nanoTime, Function<Duration, CompletionStage<Void>> pauses) {
  /** A moment on both clocks. */
  record Moment(Instant wall, long nanoTime) {}

  public FenceClock {
    requireNonNull(wall, "wall");
    requireNonNull(nanoTime, "nanoTime");
    requireNonNull(pauses, "pauses");
  }

  /** A wall clock beside this machine's monotonic one. */
  public static FenceClock of(InstantSource wall) {
    return new FenceClock(
        wall,
        System::nanoTime,
        time ->
            new CompletableFuture<Void>()
                .completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS));
  }

  Moment now() {
    return new Moment(wall.instant(), nanoTime.getAsLong());
  }

  CompletionStage<Void> pause(Duration time) {
    return pauses.apply(time);
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
