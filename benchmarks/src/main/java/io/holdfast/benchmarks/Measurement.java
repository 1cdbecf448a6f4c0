// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.Arrays;

/** The latencies of the requests that ended in one window of time. Immutable. */
final class Measurement {
  private final long windowNanos;
  private final long[] sortedNanos;

  private Measurement(long windowNanos, long[] sortedNanos) {
    this.windowNanos = windowNanos;
    this.sortedNanos = sortedNanos;
  }

  double perSecond() {
    return sortedNanos.length * 1e9 / windowNanos;
  }

  int count() {
    return sortedNanos.length;
  }

  /**
   * A latency in microseconds that so many of a hundred requests did not exceed.
   *
   * @param percent above 0, up to 100
   */
  double percentile(double percent) {
    if (sortedNanos.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(sortedNanos.length * percent / 100);
    return sortedNanos[Math.max(rank, 1) - 1] / 1e3;
  }

  /** Takes latencies while the window is open. Not thread-safe. */
  static final class Recorder {
    private final long startNanos = System.nanoTime();
    private long[] latencies = new long[1024];
    private int count;

    void record(long latencyNanos) {
      if (count == latencies.length) {
        latencies = Arrays.copyOf(latencies, 2 * count);
      }
      latencies[count++] = latencyNanos;
    }

    boolean isOpen(long windowNanos) {
      return System.nanoTime() - startNanos < windowNanos;
    }

    Measurement close() {
      long[] sorted = Arrays.copyOf(latencies, count);
      Arrays.sort(sorted);
      return new Measurement(System.nanoTime() - startNanos, sorted);
    }
  }
}
