// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.Content;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.fence.FenceException;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedObject;
import io.holdfast.serialization.SerializedPayload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Between an {@link EventRow} and the columns of {@code events}. Columns that do not apply are left
 * unset, which costs nothing. A row whose header names no columns fills the place of a rejected
 * event; one without some of the columns that its header names is incomplete.
 */
@SuppressWarnings("CheckReturnValue") // the driver's builders change in place
final class EventRows {
  /** What all rows of one batch share. */
  record Position(
      ByteBuffer persistenceId, ByteBuffer partitionNr, EventHeader.Place place, ByteBuffer epoch) {

    Position(String persistenceId, long partitionNr, EventHeader.Place place, long epoch) {
      this(Columns.of(persistenceId), Columns.of(partitionNr), place, Columns.of(epoch));
    }
  }

  private static final int SEQUENCE_NR = 2;

  // The order of the columns in Statements.Name.INSERT_EVENT and INSERT_STREAM_EVENT: what differs
  // between the two stands between the payload and the epoch.
  private static final int HEADER = 3;
  private static final int PAYLOAD = 4;
  private static final int EVENT_ID = 5;
  private static final int EVENT_TYPE = 6;
  private static final int CONTENT_TYPE = 7;
  private static final int JSON = 8;
  private static final int METADATA = 9;
  private static final int STREAM_EVENT_EPOCH = 10;
  private static final int EVENT_EPOCH = 5;

  // The order of the columns in Statements.EVENT_COLUMNS.
  private static final int READ_PAYLOAD = 1;
  private static final int READ_EVENT_ID = 2;
  private static final int READ_EVENT_TYPE = 3;
  private static final int READ_CONTENT_TYPE = 4;
  private static final int READ_JSON = 5;
  private static final int READ_METADATA = 6;
  private static final int READ_HEADER = 7;

  private final PreparedStatement insertEvent;
  private final PreparedStatement insertStreamEvent;

  EventRows(PreparedStatement insertEvent, PreparedStatement insertStreamEvent) {
    this.insertEvent = insertEvent;
    this.insertStreamEvent = insertStreamEvent;
  }

  BoundStatement bind(Position position, EventRow row) {
    EventHeader header = EventHeader.of(position.place(), row);
    if (row.content() instanceof StreamEvent stream) {
      return bindStreamEvent(position, row.sequenceNr(), header, stream.data());
    }
    ActorEvent actor = (ActorEvent) row.content();
    return start(insertEvent, position, row.sequenceNr(), header, EVENT_EPOCH)
        .setBytesUnsafe(PAYLOAD, actor.event().bytes().asByteBuffer())
        .build();
  }

  BoundStatement bindFiller(Position position, long sequenceNr) {
    return start(
            insertEvent, position, sequenceNr, EventHeader.ofFiller(position.place()), EVENT_EPOCH)
        .build();
  }

  private static BoundStatementBuilder start(
      PreparedStatement insert,
      Position position,
      long sequenceNr,
      EventHeader header,
      int epochIndex) {
    return insert
        .boundStatementBuilder()
        .setBytesUnsafe(0, position.persistenceId())
        .setBytesUnsafe(1, position.partitionNr())
        .setBytesUnsafe(SEQUENCE_NR, Columns.of(sequenceNr))
        .setBytesUnsafe(HEADER, header.encode())
        .setBytesUnsafe(epochIndex, position.epoch());
  }

  private BoundStatement bindStreamEvent(
      Position position, long sequenceNr, EventHeader header, EventData data) {
    BoundStatementBuilder bound =
        start(insertStreamEvent, position, sequenceNr, header, STREAM_EVENT_EPOCH);
    SerializedPayload payload = data.payload();
    bound.setBytesUnsafe(EVENT_ID, Columns.of(data.id()));
    bound.setBytesUnsafe(EVENT_TYPE, Columns.of(data.type()));
    if (!payload.contentType().equals(SerializedPayload.JSON)) {
      bound.setBytesUnsafe(CONTENT_TYPE, Columns.of(payload.contentType()));
    }
    // A text column takes the UTF-8 bytes as they are.
    bound.setBytesUnsafe(payload.isJson() ? JSON : PAYLOAD, payload.bytes().asByteBuffer());
    if (data.metadata() != null) {
      bound.setBytesUnsafe(METADATA, Columns.of(data.metadata()));
    }
    return bound.build();
  }

  /**
   * Whether a row says to which batch it belongs. One that does not was never acknowledged: a
   * replica has some of its columns only, and no quorum has all.
   */
  static boolean hasHeader(Row row) {
    return HeaderColumns.isIn(row, READ_HEADER);
  }

  static EventHeader header(Row row) {
    return HeaderColumns.header(row, READ_HEADER);
  }

  /** The bytes of the columns. */
  static int sizeOf(Row row) {
    int bytes = 0;
    for (int i = 0; i < row.size(); i++) {
      ByteBuffer value = row.getBytesUnsafe(i);
      bytes += value == null ? 0 : value.remaining();
    }
    return bytes;
  }

  /** What readers of all streams choose by. */
  static String type(Row row, EventHeader header) {
    String streamEventType = ObjectColumns.text(row, READ_EVENT_TYPE);
    return streamEventType.isEmpty() ? header.type() : streamEventType;
  }

  /** The columns that the row was written with and lacks now; empty for one that is whole. */
  static Set<ContentColumn> missing(Row row, EventHeader header) {
    return header.columns() == EventHeader.UNKNOWN
        ? missingBySchema2(row, header)
        : ContentColumn.missing(header.columns(), row);
  }

  /**
   * Before schema version 3, a header did not name the columns of its row: which it should have
   * follows from those that it has. A row that took the place of a rejected event has none, and no
   * timestamp.
   */
  private static Set<ContentColumn> missingBySchema2(Row row, EventHeader header) {
    if (ContentColumn.EVENT_ID.isIn(row)) {
      boolean hasPayload = ContentColumn.JSON.isIn(row) || ContentColumn.PAYLOAD.isIn(row);
      return !hasPayload
          ? EnumSet.of(ContentColumn.JSON)
          : ContentColumn.EVENT_TYPE.isIn(row) ? Set.of() : EnumSet.of(ContentColumn.EVENT_TYPE);
    }
    if (header.serializer() != null) {
      return ContentColumn.PAYLOAD.isIn(row) ? Set.of() : EnumSet.of(ContentColumn.PAYLOAD);
    }
    boolean isFiller =
        header.timestampMillis() == 0
            && Arrays.stream(ContentColumn.values()).noneMatch(column -> column.isIn(row));
    return isFiller ? Set.of() : EnumSet.of(ContentColumn.EVENT_ID);
  }

  /**
   * The event of a row; empty for one that fills the place of a rejected event.
   *
   * @throws FenceException if the row is incomplete
   */
  static Optional<EventRow> read(String persistenceId, Row row) {
    long sequenceNr = row.getLong(0);
    if (!hasHeader(row)) {
      throw Damage.incomplete(persistenceId, sequenceNr, "its header");
    }
    EventHeader header = header(row);
    Set<ContentColumn> missing = missing(row, header);
    if (!missing.isEmpty()) {
      throw Damage.incomplete(persistenceId, sequenceNr, missing);
    }
    Content content = content(row, header);
    if (content == null) {
      return Optional.empty();
    }
    return Optional.of(
        new EventRow(
            persistenceId,
            sequenceNr,
            header.timestampMillis(),
            header.writerUuid(),
            header.manifest(),
            header.tags(),
            content,
            header.metadata()));
  }

  private static @Nullable Content content(Row row, EventHeader header) {
    EventHeader.Serializer serializer = header.serializer();
    if (serializer != null) {
      return new ActorEvent(
          new SerializedObject(
              serializer.id(), serializer.manifest(), ObjectColumns.bytes(row, READ_PAYLOAD)));
    }
    String eventId = row.getString(READ_EVENT_ID);
    return eventId == null ? null : new StreamEvent(streamEvent(row, eventId));
  }

  private static EventData streamEvent(Row row, String eventId) {
    // The column that is set, rather than what today's code takes for JSON.
    int payload = row.isNull(READ_JSON) ? READ_PAYLOAD : READ_JSON;
    String contentType = row.getString(READ_CONTENT_TYPE);
    return new EventData(
        eventId,
        ObjectColumns.text(row, READ_EVENT_TYPE),
        new SerializedPayload(
            Objects.requireNonNullElse(contentType, SerializedPayload.JSON),
            ObjectColumns.bytes(row, payload)),
        row.getString(READ_METADATA));
  }
}
