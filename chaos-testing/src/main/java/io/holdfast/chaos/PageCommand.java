// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.chaos.page.ReliabilityPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts what runs have found into the documentation. */
@Command(
    name = "page",
    description = "Writes tables and a drawing of runs into docs/reliability.md and docs/images.",
    mixinStandardHelpOptions = true)
final class PageCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "VERDICT",
      arity = "1..*",
      description = "The verdict.json of one run or more. The last run without a bug is drawn.")
  private List<Path> files = List.of();

  @Option(
      names = "--page",
      paramLabel = "FILE",
      defaultValue = "docs/reliability.md",
      description = "The page (default: ${DEFAULT-VALUE}).")
  private Path page = Path.of("docs", "reliability.md");

  @Override
  public Integer call() throws IOException {
    JsonMapper mapper = JsonMapper.builder().build();
    List<JsonNode> verdicts = new ArrayList<>();
    for (Path file : files) {
      verdicts.add(mapper.readTree(file.toFile()));
    }
    new ReliabilityPage(verdicts).write(page);
    return 0;
  }
}
