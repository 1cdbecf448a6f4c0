// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts what {@link CompareCommand} has found into the documentation. */
@Command(
    name = "page",
    description =
        "Writes drawings and tables of comparisons into docs/benchmarks.md and docs/images.",
    mixinStandardHelpOptions = true)
final class PageCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "The JSON of one comparison or more; of a case that several have, the last one's figures.")
  private List<Path> files = List.of();

  @Option(
      names = "--page",
      paramLabel = "FILE",
      defaultValue = "docs/benchmarks.md",
      description = "The page (default: ${DEFAULT-VALUE}).")
  private Path page = Path.of("docs", "benchmarks.md");

  @Override
  public Integer call() throws Exception {
    new ComparisonPage(Results.readJson(files)).write(page);
    System.out.println("Written: " + page);
    return 0;
  }
}
