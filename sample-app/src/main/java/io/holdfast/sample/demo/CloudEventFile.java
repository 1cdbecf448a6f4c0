// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.cloudevents.BrokenLineException;
import io.holdfast.sample.cloudevents.CloudEventParser;
import io.holdfast.sample.cloudevents.EventLimits;
import io.holdfast.sample.cloudevents.LineReader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * A file of CloudEvents, one JSON object a line, plain or compressed by gzip; which of the two, its
 * first bytes say. Empty lines are skipped.
 *
 * <p>The log is held in memory, to compare it with what the store gives back; therefore a file is
 * refused that has more than {@value #MAX_MEBIBYTES} MiB uncompressed.
 */
final class CloudEventFile {
  static final int MAX_MEBIBYTES = 128;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int[] GZIP_MAGIC = {0x1f, 0x8b};

  private final Path file;
  private final CloudEventParser parser;
  private final EventLog.Builder log = new EventLog.Builder();
  private final BrokenLines broken;
  private final Map<CloudEventParser.GlobalId, Long> linesByEvent = new HashMap<>();

  private CloudEventFile(Path file, EventLimits limits) {
    this.file = file;
    this.parser = new CloudEventParser(limits);
    this.broken = new BrokenLines(file);
  }

  /** What a file has: the events of its sound lines, and what is wrong with the others. */
  record Contents(EventLog log, BrokenLines broken) {}

  static Contents read(Path file, EventLimits limits) throws RefusedInputException {
    return new CloudEventFile(file, limits).read();
  }

  private Contents read() throws RefusedInputException {
    if (Files.isDirectory(file)) {
      throw new RefusedInputException("%s is a folder, not a file.".formatted(file));
    }
    long line = 0;
    try (InputStream in = open();
        LineReader lines = new LineReader(in, (long) MAX_MEBIBYTES << 20)) {
      for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
        line++;
        add(line, bytes);
      }
    } catch (NoSuchFileException e) {
      throw new RefusedInputException("There is no file %s.".formatted(file));
    } catch (LineReader.TooLongException e) {
      throw new RefusedInputException(
          "%s has more than %d MiB (uncompressed); the demo holds the log in memory. Split the file."
              .formatted(file, MAX_MEBIBYTES));
    } catch (IOException e) {
      throw new RefusedInputException(
          "%s cannot be read after line %d: %s".formatted(file, line, e));
    }
    return new Contents(log.build(), broken);
  }

  private void add(long line, byte[] bytes) {
    if (isBlank(bytes)) {
      return;
    }
    try {
      CloudEventParser.Parsed parsed = parser.parse(bytes);
      Long earlier = linesByEvent.putIfAbsent(parsed.globalId(), line);
      if (earlier != null) {
        throw new BrokenLineException(
            "a duplicate: line %d has the same 'source' and 'id'".formatted(earlier));
      }
      log.add(parsed.streamId(), parsed.event());
    } catch (BrokenLineException e) {
      broken.add(line, String.valueOf(e.getMessage()));
    }
  }

  private InputStream open() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    try {
      return isGzip(in) ? new GZIPInputStream(in, BUFFER_BYTES) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static boolean isGzip(InputStream in) throws IOException {
    in.mark(GZIP_MAGIC.length);
    boolean gzip = in.read() == GZIP_MAGIC[0] && in.read() == GZIP_MAGIC[1];
    in.reset();
    return gzip;
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
