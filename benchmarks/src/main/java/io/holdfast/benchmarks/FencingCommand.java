// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.embedded.EmbeddedCassandra;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the fence costs: the same load with {@code holdfast.journal.fencing} on and off. */
@Command(
    name = "fencing",
    description =
        "What the fence costs: the same load on typed persistent actors with it and without.",
    mixinStandardHelpOptions = true)
final class FencingCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Rounds, of which each measures everything once (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description = "How long to measure each case in a round (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "10",
      description = "Seconds of warm-up of each case (default: ${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the results go (default: target/fencing.json of the module).")
  private Path json =
      Path.of(System.getProperty("holdfast.benchmarks.folder", "target"), "fencing.json");

  @Override
  public Integer call() throws Exception {
    Plan plan = new Plan(rounds, Duration.ofSeconds(seconds), Duration.ofSeconds(warmUpSeconds));
    try (EmbeddedCassandra cassandra = EmbeddedCassandra.builder().heap("2g").start()) {
      Results results = new FencingBenchmark(cassandra, plan, List.of(100, 1_000, 1)).run();
      System.out.println(results.table());
      results.writeJson(json, plan);
      System.out.println("As JSON, with every round: " + json);
    }
    return 0;
  }
}
