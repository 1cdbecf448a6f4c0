// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Log files for tests. */
final class TestLogs {
  private TestLogs() {}

  /** A line with an event. */
  static String line(String streamId, String id) {
    return """
        {"specversion":"1.0","id":"%s","source":"test","subject":"%s","type":"Happened","userid":"ada","data":{"of":"%s"}}"""
        .formatted(id, streamId, id);
  }

  static Path plain(Path folder, String... lines) {
    return write(folder.resolve("log.ndjson"), bytes(lines));
  }

  /** A compressed file whose name does not say so. */
  static Path gzip(Path folder, String... lines) {
    Path file = folder.resolve("compressed.ndjson");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String... lines) {
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }
}
