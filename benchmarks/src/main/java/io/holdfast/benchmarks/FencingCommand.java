// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import io.holdfast.embedded.EmbeddedCassandra;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the fence costs: the same load with {@code holdfast.journal.fencing} on and off. */
@Command(
    name = "fencing",
    description =
        "What the fence costs: the same load on typed persistent actors with it and without.",
    mixinStandardHelpOptions = true)
final class FencingCommand implements Callable<Integer> {
  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    Plan plan = options.plan();
    try (EmbeddedCassandra cassandra = EmbeddedCassandra.builder().heap("2g").start()) {
      Results results = new FencingBenchmark(cassandra, plan, List.of(100, 1_000, 1)).run();
      options.report("fencing", results, Map.of());
    }
    return 0;
  }
}
