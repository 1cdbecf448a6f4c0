// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cloudevents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits bytes into lines, so that a line that is no text in UTF-8 can be told from the others. Not
 * thread-safe.
 */
public final class LineReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int end;
  private long bytesLeft;

  /**
   * @param maxBytes the most bytes to read
   */
  public LineReader(InputStream in, long maxBytes) {
    this.in = in;
    this.bytesLeft = maxBytes;
  }

  /** There is more to read than may be read. */
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The next line without its end; {@code null} at the end of the input. */
  public byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    while (position < end || fill()) {
      any = true;
      int start = position;
      while (position < end && buffer[position] != '\n') {
        position++;
      }
      line.write(buffer, start, position - start);
      if (position < end) {
        position++;
        return line.toByteArray();
      }
    }
    return any ? line.toByteArray() : null;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, in.read(buffer));
    bytesLeft -= end;
    if (bytesLeft < 0) {
      throw new TooLongException();
    }
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
