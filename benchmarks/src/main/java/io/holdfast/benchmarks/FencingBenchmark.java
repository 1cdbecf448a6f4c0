// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import io.holdfast.embedded.EmbeddedCassandra;
import java.util.List;

/**
 * The fence on against off; and the bare driver, to say what one round trip is, and what a read
 * that all writers share costs by itself.
 */
final class FencingBenchmark {
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
   * @param writerCounts as {@link OnOff} takes them
   */
  FencingBenchmark(EmbeddedCassandra cassandra, Plan plan, List<Integer> writerCounts) {
    this.cassandra = cassandra;
    this.plan = plan;
    this.writerCounts = writerCounts;
  }

  Results run() throws Exception {
    try (OnOff fence =
            new OnOff(
                HoldfastNode.contact(cassandra),
                "fence",
                "holdfast.journal.fencing",
                plan,
                writerCounts,
                results);
        BareDriver bare = BareDriver.open(HoldfastNode.contact(cassandra))) {
      fence.warmUp();
      bare.writers(writerCounts.get(0), true, plan.warmUp());
      bare.insert(plan.warmUp());
      bare.select(plan.warmUp());
      for (int round = 0; round < plan.rounds(); round++) {
        System.err.printf("round %d of %d%n", round + 1, plan.rounds());
        fence.measure(round);
        for (int writers : writerCounts) {
          if (writers != OnOff.SINGLE) {
            measureBare(bare, writers);
          }
        }
        bare.insert(plan.window()).addLatencies(results, "one INSERT", BARE);
        bare.select(plan.window()).addLatencies(results, "one SELECT", BARE);
      }
    }
    return results;
  }

  /** What a read that all share costs where there is nothing else. */
  private void measureBare(BareDriver bare, int writers) throws Exception {
    String scenario = "%,d on driver".formatted(writers);
    results.add(
        scenario, "events/s", SHARED_READ, bare.writers(writers, true, plan.window()).perSecond());
    results.add(
        scenario, "events/s", NO_READ, bare.writers(writers, false, plan.window()).perSecond());
  }
}
