// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that stands still until a test moves it. For {@code EventStoreBuilder.clock}, which reads
 * it in milliseconds, and for code of your own. Thread-safe.
 */
public final class TestClock implements InstantSource {
  private Instant now;

  private TestClock(Instant now) {
    this.now = requireNonNull(now, "now");
  }

  /** A clock that shows this time. */
  public static TestClock at(Instant now) {
    return new TestClock(now);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Shows another time from now on, later or earlier. */
  public synchronized void set(Instant instant) {
    now = requireNonNull(instant, "instant");
  }

  /**
   * Moves the clock on, or back where the duration is negative.
   *
   * @return the time that it shows then
   */
  public synchronized Instant advance(Duration duration) {
    now = now.plus(duration);
    return now;
  }

  @Override
  public String toString() {
    return "TestClock at " + instant();
  }
}
