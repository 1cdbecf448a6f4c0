// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a history, one record at a time. The last line may be half of one, where the process that
 * recorded was killed; it is left out. Not thread-safe.
 */
public final class HistoryReader implements AutoCloseable {
  private final Path file;
  private final BufferedReader lines;
  private final HistoryRecord.Header header;
  private long lineNumber;
  private boolean cutOff;

  private HistoryReader(Path file, BufferedReader lines) {
    this.file = file;
    this.lines = lines;
    if (!(next() instanceof HistoryRecord.Header first)) {
      throw new UnusableHistoryException(
          "'%s' is no history: its first line has to be of type 'history'".formatted(file));
    }
    if (first.format() != HistoryRecord.FORMAT) {
      throw new UnusableHistoryException(
          "'%s' has format %d, and this build reads %d; use the build that has written it"
              .formatted(file, first.format(), HistoryRecord.FORMAT));
    }
    this.header = first;
  }

  /**
   * Opens a history.
   *
   * @throws UnusableHistoryException if the file is none, or cannot be read
   */
  public static HistoryReader open(Path file) {
    try {
      // Not newBufferedReader, which fails at half of a character, where a file was cut off.
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(Files.newInputStream(file), UTF_8));
      try {
        return new HistoryReader(file, lines);
      } catch (RuntimeException e) {
        lines.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UnusableHistoryException("'%s' cannot be read: %s".formatted(file, e), e);
    }
  }

  public HistoryRecord.Header header() {
    return header;
  }

  /** The number of the line that {@link #next} has given, from 1. */
  public long lineNumber() {
    return lineNumber;
  }

  /** Whether the last line was half of one. True only after the end. */
  public boolean wasCutOff() {
    return cutOff;
  }

  /**
   * The next record; {@code null} after the last one.
   *
   * @throws UnusableHistoryException if the line is no record, and not the last
   */
  public @Nullable HistoryRecord next() {
    try {
      String line = lines.readLine();
      if (line == null) {
        return null;
      }
      lineNumber++;
      return parse(line);
    } catch (IOException e) {
      throw new UnusableHistoryException("'%s' cannot be read: %s".formatted(file, e), e);
    }
  }

  private @Nullable HistoryRecord parse(String line) throws IOException {
    try {
      return HistoryJson.read(line);
    } catch (JsonProcessingException e) {
      if (lineNumber > 1 && lines.readLine() == null) {
        cutOff = true;
        return null;
      }
      throw new UnusableHistoryException(
          "'%s' line %,d is no record of a history: %s"
              .formatted(file, lineNumber, e.getOriginalMessage()),
          e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
