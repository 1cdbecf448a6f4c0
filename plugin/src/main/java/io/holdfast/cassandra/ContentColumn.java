// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.EventRow.Content;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedPayload;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The columns of {@code events} that hold an event, in the order of {@link
 * Statements#EVENT_COLUMNS} and of the bits in a header. The header of a row names those that it
 * was written with, so that a row of which a replica has only some columns is told from a whole
 * one.
 */
enum ContentColumn {
  PAYLOAD(1, 0x01),
  EVENT_ID(2, 0x02),
  EVENT_TYPE(3, 0x04),
  CONTENT_TYPE(4, 0x08),
  JSON(5, 0x10),
  METADATA(6, 0x20);

  private final int index;
  private final int bit;

  /**
   * @param index where it stands in {@link Statements#EVENT_COLUMNS}
   * @param bit stands for it in a header, for ever
   */
  ContentColumn(int index, int bit) {
    this.index = index;
    this.bit = bit;
  }

  /** The columns that an event is written to. */
  static int bits(Content content) {
    if (!(content instanceof StreamEvent stream)) {
      return PAYLOAD.bit;
    }
    EventData data = stream.data();
    SerializedPayload payload = data.payload();
    int bits = EVENT_ID.bit | EVENT_TYPE.bit | (payload.isJson() ? JSON : PAYLOAD).bit;
    if (!payload.contentType().equals(SerializedPayload.JSON)) {
      bits |= CONTENT_TYPE.bit;
    }
    return data.metadata() == null ? bits : bits | METADATA.bit;
  }

  boolean isIn(Row row) {
    return !row.isNull(index);
  }

  /** Those of the columns that a row should have and has not. */
  static Set<ContentColumn> missing(int bits, Row row) {
    Set<ContentColumn> missing = EnumSet.noneOf(ContentColumn.class);
    for (ContentColumn column : values()) {
      if ((bits & column.bit) != 0 && !column.isIn(row)) {
        missing.add(column);
      }
    }
    return missing;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
