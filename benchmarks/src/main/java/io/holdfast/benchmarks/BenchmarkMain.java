// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of {@code ./benchmark}. */
@Command(
    name = "./benchmark",
    description = "Measures Holdfast on an embedded Cassandra.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    subcommands = {
      CompareCommand.class,
      MicroCommand.class,
      PageCommand.class,
      FencingCommand.class,
      FeedCommand.class
    })
public final class BenchmarkMain {
  private BenchmarkMain() {}

  /** Runs the benchmark that the first argument names. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchmarkMain()).execute(arguments));
  }
}
