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

  /**
   * Those of requests.
   *
   * @param events how many each request has
   */
  static Figures of(Measurement measurement, int events) {
    double count = (double) measurement.count() * events;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(RATE, measurement.perSecond() * events);
    values.put(P50, measurement.percentile(50));
    values.put(P99, measurement.percentile(99));
    values.put(P999, measurement.percentile(99.9));
    values.put(CLIENT, measurement.cpu().clientNanos() / 1e3 / count);
    if (measurement.cpu().serverNanos() > 0) {
      values.put(SERVER, measurement.cpu().serverNanos() / 1e3 / count);
    }
    return new Figures(values);
  }
}
