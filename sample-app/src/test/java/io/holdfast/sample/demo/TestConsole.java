// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.DemoMain;
import io.holdfast.sample.common.Console;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A run of the demo whose output can be looked at. */
final class TestConsole {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Console console;

  private TestConsole(int columns) {
    console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), columns);
  }

  /** The end of a run. */
  record Ended(int exitCode, String output) {}

  static Ended run(String... arguments) {
    return run(0, arguments);
  }

  static Ended run(int columns, String... arguments) {
    TestConsole test = new TestConsole(columns);
    int exitCode = DemoMain.run(test.console, arguments);
    return new Ended(exitCode, test.printed.toString(StandardCharsets.UTF_8));
  }
}
