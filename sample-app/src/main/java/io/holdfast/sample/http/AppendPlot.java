// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.eventstore.AppendOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.apache.pekko.actor.typed.ActorSystem;

/** The appends of this node over the last minutes, a point each two seconds. Thread-safe. */
final class AppendPlot {
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final int POINTS = 150;
  private static final int SIGNIFICANT_DIGITS = 2;
  private static final double MICROS_PER_MILLI = 1_000;

  private final Recorder latencyMicros = new Recorder(SIGNIFICANT_DIGITS);
  private final Deque<Point> points = new ArrayDeque<>();

  private record Point(Instant at, double perSecond, double p50Millis, double p99Millis) {}

  AppendPlot(ActorSystem<?> system) {
    system
        .scheduler()
        .scheduleAtFixedRate(INTERVAL, INTERVAL, this::point, system.executionContext());
  }

  /** Measures an append. */
  CompletionStage<AppendOutcome> measure(CompletionStage<AppendOutcome> append) {
    long startNanos = System.nanoTime();
    return append.whenComplete(
        (outcome, failure) -> {
          if (outcome instanceof AppendOutcome.Stored) {
            latencyMicros.recordValue(
                TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos));
          }
        });
  }

  private synchronized void point() {
    Histogram interval = latencyMicros.getIntervalHistogram();
    points.addLast(
        new Point(
            Instant.now(),
            (double) interval.getTotalCount() / INTERVAL.toSeconds(),
            interval.getValueAtPercentile(50) / MICROS_PER_MILLI,
            interval.getValueAtPercentile(99) / MICROS_PER_MILLI));
    if (points.size() > POINTS) {
      points.removeFirst();
    }
  }

  synchronized ObjectNode json() {
    ObjectNode json = ApiJson.MAPPER.createObjectNode();
    ArrayNode array = json.putArray("points");
    for (Point point : points) {
      array
          .addObject()
          .put("at", point.at().toString())
          .put("appendsPerSecond", point.perSecond())
          .put("p50Millis", point.p50Millis())
          .put("p99Millis", point.p99Millis());
    }
    return json;
  }
}
