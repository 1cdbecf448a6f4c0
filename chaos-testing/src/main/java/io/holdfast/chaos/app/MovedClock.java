// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.app;

import java.time.Instant;
import java.time.InstantSource;

/** The system's clock, moved. Thread-safe. */
final class MovedClock implements InstantSource {
  private volatile long aheadMillis;

  void move(long aheadMillis) {
    this.aheadMillis = aheadMillis;
  }

  @Override
  public Instant instant() {
    return Instant.now().plusMillis(aheadMillis);
  }
}
