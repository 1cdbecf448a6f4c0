// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one measurement found, by the names under which it is reported.
 *
 * @param values in the order in which to report them
 */
record Figures(Map<String, Double> values) {
  static final String RATE = "events/s";
  static final String P50 = "p50 µs";
  static final String P99 = "p99 µs";
  static final String P999 = "p99.9 µs";
  static final String CLIENT = "client µs/event";
  static final String SERVER = "server µs/event";

  static final String ACTIVE = "bytes, active";
  static final String IDLE = "bytes, idle";

  /**
   * Those of requests.
   *
   * @param events how many each request has
   */
  static Figures of(Measurement measurement, int events) {
    return of(measurement, events, new LinkedHashMap<>());
  }

  /**
   * Those of requests that have a rate of their own.
   *
   * @param unit of that rate
   * @param events how many each request has
   */
  static Figures of(String unit, Measurement measurement, int events) {
    Map<String, Double> values = new LinkedHashMap<>();
    if (events > 1) {
      values.put(unit, measurement.perSecond());
    }
    return of(measurement, events, values);
  }

  /** Those of requests with pauses between them, whose rate says nothing. */
  static Figures ofLatencies(Measurement measurement) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(P50, measurement.percentile(50));
    values.put(P99, measurement.percentile(99));
    values.put(P999, measurement.percentile(99.9));
    return new Figures(values);
  }

  /** Bytes of so many streams. */
  static Figures ofMemory(int streams, long activeBytes, long idleBytes) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(ACTIVE, (double) activeBytes / streams);
    values.put(IDLE, (double) idleBytes / streams);
    return new Figures(values);
  }

  private static Figures of(Measurement measurement, int events, Map<String, Double> values) {
    double count = (double) measurement.count() * events;
    values.put(RATE, measurement.perSecond() * events);
    values.putAll(ofLatencies(measurement).values());
    values.put(CLIENT, measurement.cpu().clientNanos() / 1e3 / count);
    if (measurement.cpu().serverNanos() > 0) {
      values.put(SERVER, measurement.cpu().serverNanos() / 1e3 / count);
    }
    return new Figures(values);
  }
}
