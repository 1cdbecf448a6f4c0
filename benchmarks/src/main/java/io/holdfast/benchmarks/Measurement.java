// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The latencies of the requests that ended in one window of time, and what they cost. */
final class Measurement {
  private final long windowNanos;
  private final Histogram latencies;
  private final CpuTimes cpu;

  private Measurement(long windowNanos, Histogram latencies, CpuTimes cpu) {
    this.windowNanos = windowNanos;
    this.latencies = latencies;
    this.cpu = cpu;
  }

  double perSecond() {
    return count() * 1e9 / windowNanos;
  }

  long count() {
    return latencies.getTotalCount();
  }

  /** Of all requests together. */
  CpuTimes cpu() {
    return cpu;
  }

  /**
   * A latency in microseconds that so many of a hundred requests did not exceed, to three digits.
   *
   * @param percent above 0, up to 100
   */
  double percentile(double percent) {
    return count() == 0 ? Double.NaN : latencies.getValueAtPercentile(percent) / 1e3;
  }

  /** Adds the median and the 99th percentile. */
  void addLatencies(Results results, String scenario, String variant) {
    results.add(scenario, Figures.P50, variant, percentile(50));
    results.add(scenario, Figures.P99, variant, percentile(99));
  }

  /** Takes latencies while its window is open. Thread-safe. */
  static final class Recorder {
    private static final int DIGITS = 3;

    private final Histogram latencies = new ConcurrentHistogram(DIGITS);
    private final AtomicReference<@Nullable Measurement> closed = new AtomicReference<>();
    private final long windowNanos;
    private final List<Long> servers;
    private final CpuTimes startCpu;
    private final long startNanos = System.nanoTime();

    /** For a window that is open until it is closed. */
    Recorder() {
      this(Duration.ofNanos(Long.MAX_VALUE), List.of());
    }

    /**
     * The window closes with the first request that ends after its time: so the rate is exact for
     * requests that take long.
     *
     * @param servers the ids of Cassandra's processes
     */
    Recorder(Duration window, List<Long> servers) {
      this.windowNanos = window.toNanos();
      this.servers = servers;
      startCpu = CpuTimes.now(servers);
    }

    /** Takes the latency of a request that has ended; answers whether to send another. */
    boolean record(long latencyNanos) {
      if (closed.get() != null) {
        return false;
      }
      latencies.recordValue(latencyNanos);
      if (System.nanoTime() - startNanos < windowNanos) {
        return true;
      }
      close();
      return false;
    }

    boolean isOpen() {
      return closed.get() == null;
    }

    Measurement close() {
      Measurement now =
          new Measurement(
              System.nanoTime() - startNanos,
              latencies.copy(),
              CpuTimes.now(servers).minus(startCpu));
      Measurement first = closed.compareAndExchange(null, now);
      return first == null ? now : first;
    }
  }
}
