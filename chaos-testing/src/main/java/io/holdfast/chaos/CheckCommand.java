// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import io.holdfast.chaos.checker.Checker;
import io.holdfast.chaos.checker.Report;
import io.holdfast.chaos.history.UnusableHistoryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a history. */
@Command(
    name = "check",
    description =
        "Finds in a history what no store that keeps its promises can have answered, and draws it.",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = CheckCommand.UNUSABLE,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found",
      "1:the history has violations",
      "2:the file is no history, or one that contradicts itself"
    })
final class CheckCommand implements Callable<Integer> {
  private static final int FINE = 0;
  private static final int VIOLATIONS = 1;
  static final int UNUSABLE = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "HISTORY", description = "The file that a run has written.")
  private Path history = Path.of("history.jsonl");

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "Where the drawings go (default: beside the history).")
  private @Nullable Path output;

  @Option(
      names = "--drawings",
      paramLabel = "NUMBER",
      defaultValue = "20",
      description = "The most violations to draw (default: ${DEFAULT-VALUE}).")
  private int drawings;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the verdict goes as JSON, too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Report report = Checker.check(history);
      List<Path> drawn = new Drawings(folder(), drawings).draw(report);
      new Verdict(history, report, drawn).print(out);
      if (json != null) {
        new Verdict(history, report, drawn).write(json);
      }
      out.flush();
      return report.violations().isEmpty() ? FINE : VIOLATIONS;
    } catch (UnusableHistoryException e) {
      return unusable(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      return unusable("the history does not fit into memory; give Java more of it, with -Xmx");
    }
  }

  private int unusable(String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(message);
    err.flush();
    return UNUSABLE;
  }

  private Path folder() {
    return output != null ? output : history.resolveSibling(history.getFileName() + ".violations");
  }
}
