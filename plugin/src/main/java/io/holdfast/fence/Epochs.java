// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Draws epochs: microseconds since 1970, but always above the stream's previous epoch, whatever the
 * clock says. Two above, so that the number between them is free as the timestamp of a clearing.
 */
final class Epochs {
  private final InstantSource clock;

  Epochs(InstantSource clock) {
    this.clock = clock;
  }

  long next(long previous) {
    Instant now = clock.instant();
    long micros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
    return Math.max(micros, previous + 2);
  }
}
