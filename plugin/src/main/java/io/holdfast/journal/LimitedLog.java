// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * A log of one kind of event that may come in storms: a few lines to an interval, and when it is
 * over how many more there would have been. Thread-safe.
 */
final class LimitedLog {
  static final int MAX_LINES = 5;
  static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Logger log;
  private final Level level;
  private final String what;
  private final LongSupplier nanoTime;

  private long began;
  private int lines;
  private long leftOut;

  /**
   * @param what the events, as in "17 more …"
   */
  LimitedLog(Logger log, Level level, String what, LongSupplier nanoTime) {
    this.log = log;
    this.level = level;
    this.what = what;
    this.nanoTime = nanoTime;
  }

  /** The line of the next event; one that goes nowhere if the interval has enough of them. */
  LoggingEventBuilder next() {
    sumUp();
    return admits() ? log.atLevel(level) : NOPLoggingEventBuilder.singleton();
  }

  private synchronized boolean admits() {
    if (lines == MAX_LINES) {
      leftOut++;
      return false;
    }
    if (lines++ == 0) {
      began = nanoTime.getAsLong();
    }
    return true;
  }

  /** Tells what was left out, if the interval is over. To be called now and then. */
  void sumUp() {
    tell(end(INTERVAL));
  }

  /** Tells what was left out so far. */
  void close() {
    tell(end(Duration.ZERO));
  }

  private synchronized long end(Duration after) {
    if (lines == 0 || nanoTime.getAsLong() - began < after.toNanos()) {
      return 0;
    }
    long more = leftOut;
    lines = 0;
    leftOut = 0;
    return more;
  }

  private void tell(long more) {
    if (more > 0) {
      log.atLevel(level).addKeyValue("leftOut", more).log("{} more {}", more, what);
    }
  }
}
