// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of {@code ./chaos}. */
@Command(
    name = "./chaos",
    description = "Breaks what Holdfast runs on, and checks what its clients were answered.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    subcommands = {RunCommand.class, CheckCommand.class, PageCommand.class})
public final class ChaosMain {
  private ChaosMain() {}

  /** Runs what the first argument names. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new ChaosMain()).setCaseInsensitiveEnumValuesAllowed(true);
  }
}
