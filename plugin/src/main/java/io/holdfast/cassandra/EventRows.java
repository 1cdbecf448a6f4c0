// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.Content;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedObject;
import io.holdfast.serialization.SerializedPayload;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Between an {@link EventRow} and the columns of {@code events}. Columns that do not apply are left
 * unset, which costs nothing. A row without {@code event_id} and without a serializer in its header
 * fills the place of a rejected event.
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

  // The order of the columns in Statements.Name.SELECT_EVENTS.
  private static final int READ_PAYLOAD = 1;
  private static final int READ_EVENT_ID = 2;
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

  /** The event of a row; empty for one that fills the place of a rejected event. */
  static Optional<EventRow> read(String persistenceId, Row row) {
    EventHeader header = HeaderColumns.header(row, READ_HEADER);
    Content content = content(row, header);
    if (content == null) {
      return Optional.empty();
    }
    return Optional.of(
        new EventRow(
            persistenceId,
            row.getLong(0),
            header.timestampMillis(),
            header.writerUuid(),
            header.manifest(),
            header.tags(),
            content,
            header.metadata()));
  }

  private static @Nullable Content content(Row row, EventHeader header) {
    String eventId = row.getString(READ_EVENT_ID);
    if (eventId != null) {
      return new StreamEvent(streamEvent(row, eventId));
    }
    EventHeader.Serializer serializer = header.serializer();
    return serializer == null
        ? null
        : new ActorEvent(
            new SerializedObject(
                serializer.id(), serializer.manifest(), ObjectColumns.bytes(row, READ_PAYLOAD)));
  }

  private static EventData streamEvent(Row row, String eventId) {
    // The column that is set, rather than what today's code takes for JSON.
    int payload = row.isNull(READ_EVENT_ID + 3) ? READ_PAYLOAD : READ_EVENT_ID + 3;
    String contentType = row.getString(READ_EVENT_ID + 2);
    return new EventData(
        eventId,
        ObjectColumns.text(row, READ_EVENT_ID + 1),
        new SerializedPayload(
            Objects.requireNonNullElse(contentType, SerializedPayload.JSON),
            ObjectColumns.bytes(row, payload)),
        row.getString(READ_EVENT_ID + 4));
  }
}
