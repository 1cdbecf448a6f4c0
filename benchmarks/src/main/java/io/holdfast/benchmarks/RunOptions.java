// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import io.holdfast.benchmarks.report.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every benchmark has. */
final class RunOptions {
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description =
          "Rounds of load, of which each measures everything once (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description = "How long to measure each load in a round (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "10",
      description = "Seconds of warm-up of each load (default: ${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--short",
      description = "Three rounds of 2 seconds after 3 of warm-up, whatever else is said.")
  private boolean shortRun;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the results go (default: target/<name>.json of the module).")
  private @Nullable Path json;

  /** Where results go by default. */
  static Path folder() {
    return Path.of(System.getProperty("holdfast.benchmarks.folder", "target"));
  }

  Plan plan() {
    return shortRun
        ? new Plan(3, Duration.ofSeconds(2), Duration.ofSeconds(3))
        : new Plan(rounds, Duration.ofSeconds(seconds), Duration.ofSeconds(warmUpSeconds));
  }

  /**
   * Prints the table, and writes the file.
   *
   * @param name of the benchmark
   * @param more of the run than its plan says, for the file
   */
  void report(String name, Results results, Map<String, Object> more) throws IOException {
    report(name, results, Tables.lines(results), more);
  }

  /** The same, with a table of its own. */
  void report(String name, Results results, String table, Map<String, Object> more)
      throws IOException {
    System.out.println(table);
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("rounds", plan().rounds());
    run.put("secondsPerCase", plan().window().toSeconds());
    run.putAll(more);
    Path file = json != null ? json : folder().resolve(name + ".json");
    results.writeJson(file, run);
    System.out.println("As JSON, with every round: " + file);
  }
}
