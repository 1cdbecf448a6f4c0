// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Progress as a line now and then, for files and pipes. */
final class LineProgress implements Progress {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Console console;
  private final String task;
  private final long total;
  private final String unit;
  private final AtomicLong current = new AtomicLong();
  private final AtomicLong lastLineNanos = new AtomicLong(System.nanoTime());

  LineProgress(Console console, String task, long total, String unit) {
    this.console = console;
    this.task = task;
    this.total = total;
    this.unit = unit;
  }

  @Override
  public void advance(long steps) {
    long now = current.addAndGet(steps);
    long nanos = System.nanoTime();
    long last = lastLineNanos.get();
    if (nanos - last >= INTERVAL_NANOS && lastLineNanos.compareAndSet(last, nanos)) {
      print(now);
    }
  }

  @Override
  public long current() {
    return current.get();
  }

  @Override
  public void close() {
    print(current.get());
  }

  private void print(long now) {
    long percent = total == 0 ? 100 : now * 100 / total;
    console.line("%s  %,d of %,d %s (%d%%)", task, now, total, unit, percent);
  }
}
