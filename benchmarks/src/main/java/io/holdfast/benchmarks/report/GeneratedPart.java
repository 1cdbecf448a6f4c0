// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that a program writes, between two marks. */
public final class GeneratedPart {
  private static final String BEGIN = "<!-- figures: begin -->\n";
  private static final String END = "<!-- figures: end -->\n";

  private GeneratedPart() {}

  /**
   * Replaces it.
   *
   * @throws IllegalArgumentException if the page lacks a mark
   */
  public static void replace(Path page, String text) throws IOException {
    Files.writeString(page, replaced(Files.readString(page), text));
  }

  static String replaced(String page, String text) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END, Math.max(begin, 0));
    if (begin < 0 || end < 0) {
      throw new IllegalArgumentException(
          "the page needs a line '%s' and, after it, a line '%s'"
              .formatted(BEGIN.strip(), END.strip()));
    }
    return page.substring(0, begin + BEGIN.length()) + text + page.substring(end);
  }
}
