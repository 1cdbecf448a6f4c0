// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One frame of Cassandra's native protocol, version 4, without compression. */
final class CqlFrame {
  static final byte QUERY = 0x07;
  static final byte RESULT = 0x08;
  static final byte PREPARE = 0x09;
  static final byte EXECUTE = 0x0A;
  static final byte BATCH = 0x0D;

  private static final int HEADER_LENGTH = 9;
  private static final int VERSION = 4;
  private static final int TRACING = 0x02;
  private static final int CUSTOM_PAYLOAD = 0x04;
  private static final int WARNINGS = 0x08;
  private static final int RESULT_PREPARED = 4;
  private static final byte BY_ID = 1;

  private final byte[] header;
  private final byte[] body;

  private CqlFrame(byte[] header, byte[] body) {
    this.header = header;
    this.body = body;
  }

  /** The next frame; {@code null} at the end. */
  static @Nullable CqlFrame read(InputStream in) throws IOException {
    byte[] header = in.readNBytes(HEADER_LENGTH);
    if (header.length == 0) {
      return null;
    }
    if (header.length < HEADER_LENGTH) {
      throw new EOFException("in the middle of a header");
    }
    if ((header[0] & 0x7F) != VERSION) {
      throw new IllegalStateException(
          "version %d of the native protocol; the gate knows %d only"
              .formatted(header[0] & 0x7F, VERSION));
    }
    int length = ByteBuffer.wrap(header).getInt(5);
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("in the middle of a body");
    }
    return new CqlFrame(header, body);
  }

  void writeTo(OutputStream out) throws IOException {
    // One write, so that no frame is torn and none waits for the next.
    out.write(ByteBuffer.allocate(header.length + body.length).put(header).put(body).array());
    out.flush();
  }

  byte opcode() {
    return header[4];
  }

  /** Pairs a request with its response. */
  short stream() {
    return ByteBuffer.wrap(header).getShort(2);
  }

  /** The text of a QUERY or PREPARE. */
  String query() {
    return longString(content());
  }

  /** The id of the statement of an EXECUTE. */
  String executedId() {
    return shortBytes(content());
  }

  /** The id of the first statement of a BATCH; {@code null} if it stands there as text. */
  @Nullable String batchId() {
    ByteBuffer content = atFirstOfBatch();
    return content.get() == BY_ID ? shortBytes(content) : null;
  }

  /** The text of the first statement of a BATCH that has no ids. */
  String batchQuery() {
    ByteBuffer content = atFirstOfBatch();
    content.get();
    return longString(content);
  }

  private ByteBuffer atFirstOfBatch() {
    return content().position(1 + Short.BYTES);
  }

  /** The id that a RESULT gives to a statement; {@code null} for any other result. */
  @Nullable String preparedId() {
    ByteBuffer content = content();
    return content.getInt() == RESULT_PREPARED ? shortBytes(content) : null;
  }

  /** Whether these bytes stand anywhere in it, as those of a text among the values do. */
  boolean mentions(String text) {
    // Each byte is one character of this character set.
    String bytes = new String(body, StandardCharsets.ISO_8859_1);
    return bytes.contains(
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  private ByteBuffer content() {
    ByteBuffer content = ByteBuffer.wrap(body);
    boolean response = header[0] < 0;
    if ((header[1] & CUSTOM_PAYLOAD) != 0) {
      throw new IllegalStateException("a frame with a custom payload");
    }
    if (response && (header[1] & TRACING) != 0) {
      content.position(2 * Long.BYTES);
    }
    if (response && (header[1] & WARNINGS) != 0) {
      for (int warnings = content.getShort(); warnings > 0; warnings--) {
        shortBytes(content);
      }
    }
    // The rest by itself, so that positions count from its start.
    return content.slice();
  }

  private static String longString(ByteBuffer content) {
    byte[] text = new byte[content.getInt()];
    content.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static String shortBytes(ByteBuffer content) {
    byte[] bytes = new byte[content.getShort() & 0xFFFF];
    content.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
