// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;

import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * The header of a row, whichever version of the schema it is of: in version 1, what is now the
 * column {@code header} stood in columns of its own.
 */
final class HeaderColumns {
  /** The columns that {@link #header} reads, in its order. */
  static final String COLUMNS =
      "header, batch_first_seq_nr, writer_id, log_position, timestamp, writer_uuid, manifest, tags,"
          + " ser_id, ser_manifest, meta_ser_id, meta_ser_manifest, meta_payload";

  private static final UUID NOBODY = new UUID(0, 0);

  private HeaderColumns() {}

  /**
   * Whether there is a header.
   *
   * @param first the index of the first of {@link #COLUMNS}
   */
  static boolean isIn(Row row, int first) {
    return !row.isNull(first) || !row.isNull(first + 1);
  }

  /**
   * Reads the header.
   *
   * @param first the index of the first of {@link #COLUMNS}
   */
  static EventHeader header(Row row, int first) {
    ByteBuffer header = row.getBytesUnsafe(first);
    return header == null ? former(row, first) : EventHeader.decode(header.duplicate());
  }

  private static EventHeader former(Row row, int first) {
    Instant timestamp = row.getInstant(first + 4);
    Set<String> tags = requireNonNull(row.getSet(first + 7, String.class), "tags");
    return new EventHeader(
        row.getLong(first + 1),
        EventHeader.UNKNOWN,
        Objects.requireNonNullElse(row.getUuid(first + 2), NOBODY),
        row.getLong(first + 3),
        timestamp == null ? 0 : timestamp.toEpochMilli(),
        ObjectColumns.text(row, first + 5),
        ObjectColumns.text(row, first + 6),
        tags,
        row.isNull(first + 8)
            ? null
            : new EventHeader.Serializer(row.getInt(first + 8), ObjectColumns.text(row, first + 9)),
        ObjectColumns.read(row, first + 10, first + 12),
        EventHeader.UNKNOWN);
  }
}
