// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo prints. Plain ASCII, so that it can be read in any locale.
 *
 * @param columns the width of the terminal; 0 if this is none
 */
public record Console(PrintStream out, int columns) {
  /** Set by the script if the standard output is a terminal. */
  public static final String COLUMNS_PROPERTY = "holdfast.demo.columns";

  public static Console ofThisProcess() {
    return new Console(System.out, Math.max(0, Integer.getInteger(COLUMNS_PROPERTY, 0)));
  }

  public void line(String format, @Nullable Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
    out.flush();
  }

  /** Prints without ending the line: what is being done, before its result. */
  public void begin(String format, @Nullable Object... arguments) {
    out.print(String.format(Locale.ROOT, format, arguments));
    out.flush();
  }

  public void emptyLine() {
    line("");
  }

  /** A number with its noun: "1 event", "2,000 events". */
  public static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  public boolean isTerminal() {
    return columns > 0;
  }
}
