// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The column {@code header} of a row of {@code events}, read by what {@code docs/storage-format.md}
 * says of it.
 */
public record StoredHeader(
    long batchFirstSequenceNr,
    UUID writer,
    long logPosition,
    long timestampMillis,
    String writerUuid,
    String manifest,
    Set<String> tags,
    @Nullable Integer serializerId,
    String serializerManifest) {

  /** Of a row that was selected with this column. */
  public static StoredHeader of(Row row) {
    ByteBuffer bytes = Objects.requireNonNull(row.getByteBuffer("header"), "header");
    if (bytes.get() != 1) {
      throw new AssertionError("another form of header");
    }
    long batchFirst = bytes.getLong();
    UUID writer = new UUID(bytes.getLong(), bytes.getLong());
    long logPosition = bytes.getLong();
    long timestamp = bytes.getLong();
    String writerUuid = text(bytes);
    String manifest = text(bytes);
    Set<String> tags = new TreeSet<>();
    for (int left = length(bytes); left > 0; left--) {
      tags.add(text(bytes));
    }
    boolean serialized = bytes.get() == 1;
    return new StoredHeader(
        batchFirst,
        writer,
        logPosition,
        timestamp,
        writerUuid,
        manifest,
        tags,
        serialized ? bytes.getInt() : null,
        serialized ? text(bytes) : "");
  }

  private static String text(ByteBuffer bytes) {
    byte[] text = new byte[length(bytes)];
    bytes.get(text);
    return new String(text, UTF_8);
  }

  private static int length(ByteBuffer bytes) {
    int digit = Byte.toUnsignedInt(bytes.get());
    return digit < 128 ? digit : digit - 128 + 128 * length(bytes);
  }
}
