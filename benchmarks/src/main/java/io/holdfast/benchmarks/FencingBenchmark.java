// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.embedded.EmbeddedCassandra;
import java.time.Duration;
import java.util.List;

/**
 * The fence on against off: two actor systems in this JVM, each with a keyspace of its own on one
 * Cassandra, under the same load in turn; and the bare driver, to say what one round trip is, and
 * what a read that all writers share costs by itself.
 */
final class FencingBenchmark {
  static final String ON = "fence on";
  static final String OFF = "fence off";
  static final String BARE = "bare driver";
  static final String SHARED_READ = "shared read";
  static final String NO_READ = "no read";

  private final EmbeddedCassandra cassandra;
  private final Plan plan;
  private final List<Integer> writerCounts;
  private final Results results = new Results();

  /**
   * A benchmark that runs once.
   *
   * @param writerCounts how many writers to let write at a time, in turn; 1 for the latency of a
   *     writer that waits for each answer
   */
  FencingBenchmark(EmbeddedCassandra cassandra, Plan plan, List<Integer> writerCounts) {
    this.cassandra = cassandra;
    this.plan = plan;
    this.writerCounts = writerCounts;
  }

  Results run() throws Exception {
    try (WriterSystem on = start("fence_on", "on");
        WriterSystem off = start("fence_off", "off");
        BareDriver bare = BareDriver.open(cassandra)) {
      for (int writers : writerCounts) {
        on.measure(writers, plan.warmUp());
        off.measure(writers, plan.warmUp());
      }
      bare.writers(writerCounts.get(0), true, plan.warmUp());
      bare.insert(plan.warmUp());
      bare.select(plan.warmUp());
      for (int round = 0; round < plan.rounds(); round++) {
        System.err.printf("round %d of %d%n", round + 1, plan.rounds());
        for (int writers : writerCounts) {
          // On, off, off, on: what gets slower with time does so for both.
          if (round % 2 == 0) {
            measure(ON, on, writers);
            measure(OFF, off, writers);
          } else {
            measure(OFF, off, writers);
            measure(ON, on, writers);
          }
        }
        for (int writers : writerCounts) {
          if (writers > 1) {
            measureBare(bare, writers);
          }
        }
        single("one INSERT", BARE, bare.insert(plan.window()));
        single("one SELECT", BARE, bare.select(plan.window()));
      }
    }
    return results;
  }

  private WriterSystem start(String name, String fencing) {
    return WriterSystem.start(cassandra, name, "holdfast.journal.fencing = " + fencing);
  }

  private void measure(String variant, WriterSystem system, int writers) throws Exception {
    Duration window = plan.window();
    Measurement measurement = system.measure(writers, window);
    if (writers == 1) {
      single("1 writer", variant, measurement);
    } else {
      results.add("%,d writers".formatted(writers), "events/s", variant, measurement.perSecond());
    }
  }

  /** What a read that all share costs where there is nothing else. */
  private void measureBare(BareDriver bare, int writers) throws Exception {
    String scenario = "%,d on driver".formatted(writers);
    results.add(scenario, "events/s", SHARED_READ, bare.writers(writers, true, plan.window()));
    results.add(scenario, "events/s", NO_READ, bare.writers(writers, false, plan.window()));
  }

  private void single(String scenario, String variant, Measurement measurement) {
    results.add(scenario, "p50 µs", variant, measurement.percentile(50));
    results.add(scenario, "p99 µs", variant, measurement.percentile(99));
  }
}
