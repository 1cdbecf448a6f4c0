// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample;

import io.holdfast.sample.cluster.NodeCommand;
import io.holdfast.sample.cluster.ServeCommand;
import io.holdfast.sample.common.Console;
import io.holdfast.sample.common.DemoLog;
import io.holdfast.sample.demo.DemoCommand;
import io.holdfast.sample.failover.FailoverCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The entry of {@code ./demo}. */
public final class DemoMain {
  private static final Logger log = LoggerFactory.getLogger(DemoMain.class);
  private static final int MIN_HELP_COLUMNS = 80;
  private static final int MAX_HELP_COLUMNS = 120;

  private DemoMain() {}

  public static void main(String[] arguments) {
    System.exit(run(Console.ofThisProcess(), arguments));
  }

  /**
   * Runs the command.
   *
   * @return the exit code
   */
  public static int run(Console console, String... arguments) {
    PrintWriter out = new PrintWriter(console.out(), true, Charset.defaultCharset());
    int columns = Math.min(Math.max(console.columns(), MIN_HELP_COLUMNS), MAX_HELP_COLUMNS);
    return new CommandLine(new DemoCommand(console))
        .addSubcommand(new ServeCommand(console))
        .addSubcommand(new NodeCommand(console))
        .addSubcommand(new FailoverCommand(console))
        .setOut(out)
        .setErr(out)
        .setColorScheme(Help.defaultColorScheme(console.isTerminal() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpWidth(columns)
        .setParameterExceptionHandler(
            (exception, all) -> {
              console.line("%s. See ./demo --help.", message(exception));
              return DemoCommand.REFUSED;
            })
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              log.error("The demo failed", exception);
              console.emptyLine();
              console.line("FAILED      %s", message(exception));
              console.line("            More about it in %s", DemoLog.file());
              return DemoCommand.DIFFERENT;
            })
        .execute(arguments);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
