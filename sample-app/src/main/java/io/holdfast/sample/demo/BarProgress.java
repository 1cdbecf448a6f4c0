// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Console;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as a bar in a terminal. */
final class BarProgress implements Progress {
  private static final int UPDATE_INTERVAL_MILLIS = 100;
  private static final int WIDEST = 100;

  private final AtomicLong current = new AtomicLong();
  private final ProgressBar bar;

  BarProgress(Console console, String task, long total, String unit) {
    // With a width of its own the consumer leaves the terminal's modes and signals alone.
    int width = Math.min(console.columns() - 1, WIDEST);
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(" " + unit, 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_INTERVAL_MILLIS)
            .setConsumer(new OneLine(console.out(), Math.max(width, 1)))
            .build();
  }

  /** Keeps a bar to its line: the library may render it, and end it, once more after its end. */
  private static final class OneLine extends ConsoleProgressBarConsumer {
    private boolean ended;

    OneLine(PrintStream out, int width) {
      super(out, width);
    }

    @Override
    public synchronized void accept(String rendered) {
      if (!ended) {
        super.accept(rendered);
      }
    }

    @Override
    public synchronized void close() {
      if (!ended) {
        ended = true;
        super.close();
      }
    }
  }

  @Override
  public void advance(long steps) {
    current.addAndGet(steps);
    bar.stepBy(steps);
  }

  @Override
  public long current() {
    return current.get();
  }

  @Override
  public void close() {
    bar.close();
  }
}
