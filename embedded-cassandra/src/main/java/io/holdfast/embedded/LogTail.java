// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of what a node wrote, for messages. */
final class LogTail {

  private static final int BYTES = 16 * 1024;
  private static final int LINES = 25;

  private LogTail() {}

  static String of(NodeFolder folder) {
    return describe("log", folder.log()) + describe("output", folder.output());
  }

  private static String describe(String what, Path file) {
    String text = end(file);
    if (text.isBlank()) {
      return "";
    }
    List<String> lines = text.lines().toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    return "\nEnd of its " + what + " (" + file + "):\n  " + String.join("\n  ", last);
  }

  private static String end(Path file) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(Math.max(0, in.length() - BYTES));
      byte[] bytes = new byte[BYTES];
      int read = in.read(bytes);
      return read <= 0 ? "" : new String(bytes, 0, read, StandardCharsets.UTF_8);
    } catch (IOException missing) {
      return "";
    }
  }
}
