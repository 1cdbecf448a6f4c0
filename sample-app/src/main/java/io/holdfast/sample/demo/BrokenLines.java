// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The broken lines of a file: how many, and what is wrong with the first of them. */
final class BrokenLines {
  private static final int SHOWN = 20;

  private final Path file;
  private final List<String> first = new ArrayList<>();
  private long count;

  BrokenLines(Path file) {
    this.file = file;
  }

  void add(long line, String reason) {
    if (count++ < SHOWN) {
      first.add("%s:%d: %s".formatted(file, line, reason));
    }
  }

  long count() {
    return count;
  }

  /** A line for each of the first, and one that counts the others. */
  List<String> describe() {
    List<String> lines = new ArrayList<>(first);
    if (count > SHOWN) {
      lines.add(String.format(Locale.ROOT, "... and %,d more", count - SHOWN));
    }
    return lines;
  }
}
