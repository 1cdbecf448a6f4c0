// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import java.util.List;

/**
 * A setting of the journal on against off: two actor systems in this JVM, each with a keyspace of
 * its own on one Cassandra, under the same load in turn.
 */
final class OnOff implements AutoCloseable {
  /** In percentiles, where the other cases are in events a second. */
  static final int SINGLE = 1;

  private final String name;
  private final Plan plan;
  private final List<Integer> writerCounts;
  private final Results results;
  private final WriterSystem on;
  private final WriterSystem off;

  /**
   * Starts both.
   *
   * @param name of what the setting turns on and off
   * @param setting its path
   * @param writerCounts how many writers to let write at a time, in turn; 1 for the latency of a
   *     writer that waits for each answer
   */
  OnOff(
      Contact cassandra,
      String name,
      String setting,
      Plan plan,
      List<Integer> writerCounts,
      Results results) {
    this.name = name;
    this.plan = plan;
    this.writerCounts = writerCounts;
    this.results = results;
    on = HoldfastNode.start(cassandra, name + "_on", setting + " = on");
    off = HoldfastNode.start(cassandra, name + "_off", setting + " = off");
  }

  void warmUp() throws Exception {
    for (int writers : writerCounts) {
      on.measure(writers, plan.warmUp());
      off.measure(writers, plan.warmUp());
    }
  }

  /**
   * Measures each load once, both ways.
   *
   * @param round from 0
   */
  void measure(int round) throws Exception {
    for (int writers : writerCounts) {
      // On, off, off, on: what gets slower with time does so for both.
      if (round % 2 == 0) {
        measure(" on", on, writers);
        measure(" off", off, writers);
      } else {
        measure(" off", off, writers);
        measure(" on", on, writers);
      }
    }
  }

  private void measure(String variant, WriterSystem system, int writers) throws Exception {
    Measurement measurement = system.measure(writers, plan.window());
    if (writers == SINGLE) {
      measurement.addLatencies(results, "1 writer", name + variant);
    } else {
      results.add(
          "%,d writers".formatted(writers), "events/s", name + variant, measurement.perSecond());
    }
  }

  @Override
  public void close() {
    on.close();
    off.close();
  }
}
