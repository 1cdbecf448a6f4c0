// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.Content;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedObject;
import io.holdfast.serialization.SerializedPayload;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Between an {@link EventRow} and the columns of {@code events}. Columns that do not apply are left
 * unset, which costs nothing. A row without {@code event_id} and {@code ser_id} fills the place of
 * a rejected event.
 */
@SuppressWarnings("CheckReturnValue") // the driver's builders change in place
final class EventRows {
  /** What all rows of one batch share. */
  record Position(
      ByteBuffer persistenceId,
      ByteBuffer partitionNr,
      ByteBuffer batchFirst,
      ByteBuffer writer,
      ByteBuffer logPosition,
      ByteBuffer epoch) {

    Position(
        String persistenceId,
        long partitionNr,
        long batchFirst,
        UUID writer,
        long logPosition,
        long epoch) {
      this(
          Columns.of(persistenceId),
          Columns.of(partitionNr),
          Columns.of(batchFirst),
          Columns.of(writer),
          Columns.of(logPosition),
          Columns.of(epoch));
    }
  }

  // The order of the columns in Statements.Name.INSERT_EVENT.
  private static final int TIMESTAMP = 6;
  private static final int EPOCH = 21;

  // The order of the columns in Statements.Name.SELECT_EVENTS.
  private static final int FIRST_READ = 2;

  /** The driver would look it up for each row. */
  private static final TypeCodec<Set<String>> TAGS = TypeCodecs.setOf(TypeCodecs.TEXT);

  private EventRows() {}

  static BoundStatement bind(PreparedStatement insert, Position position, EventRow row) {
    BoundStatementBuilder bound = start(insert, position, row.sequenceNr());
    bound.setBytesUnsafe(TIMESTAMP, Columns.of(row.timestampMillis()));
    ObjectColumns.setUnlessEmpty(bound, TIMESTAMP + 1, row.writerUuid());
    ObjectColumns.setUnlessEmpty(bound, TIMESTAMP + 2, row.manifest());
    if (!row.tags().isEmpty()) {
      bound.setSet(TIMESTAMP + 3, row.tags(), String.class);
    }
    if (row.content() instanceof StreamEvent stream) {
      bindStreamEvent(bound, stream.data());
    } else if (row.content() instanceof ActorEvent actor) {
      ObjectColumns.bind(bound, TIMESTAMP + 10, TIMESTAMP + 9, actor.event());
    }
    if (row.metadata() != null) {
      ObjectColumns.bind(bound, TIMESTAMP + 12, TIMESTAMP + 14, row.metadata());
    }
    return bound.build();
  }

  static BoundStatement bindFiller(PreparedStatement insert, Position position, long sequenceNr) {
    return start(insert, position, sequenceNr).build();
  }

  private static BoundStatementBuilder start(
      PreparedStatement insert, Position position, long sequenceNr) {
    return insert
        .boundStatementBuilder()
        .setBytesUnsafe(0, position.persistenceId())
        .setBytesUnsafe(1, position.partitionNr())
        .setBytesUnsafe(2, Columns.of(sequenceNr))
        .setBytesUnsafe(3, position.batchFirst())
        .setBytesUnsafe(4, position.writer())
        .setBytesUnsafe(5, position.logPosition())
        .setBytesUnsafe(EPOCH, position.epoch());
  }

  private static void bindStreamEvent(BoundStatementBuilder bound, EventData data) {
    SerializedPayload payload = data.payload();
    bound.setBytesUnsafe(TIMESTAMP + 4, Columns.of(data.id()));
    bound.setBytesUnsafe(TIMESTAMP + 5, Columns.of(data.type()));
    bound.setBytesUnsafe(TIMESTAMP + 6, Columns.of(payload.contentType()));
    // A text column takes the UTF-8 bytes as they are.
    bound.setBytesUnsafe(TIMESTAMP + (payload.isJson() ? 7 : 9), payload.bytes().asByteBuffer());
    if (data.metadata() != null) {
      bound.setBytesUnsafe(TIMESTAMP + 8, Columns.of(data.metadata()));
    }
  }

  /** The event of a row; empty for one that fills the place of a rejected event. */
  static Optional<EventRow> read(Row row) {
    Content content = content(row);
    if (content == null) {
      return Optional.empty();
    }
    Instant timestamp = row.getInstant(FIRST_READ);
    Set<String> tags = row.isNull(FIRST_READ + 3) ? Set.of() : row.get(FIRST_READ + 3, TAGS);
    return Optional.of(
        new EventRow(
            ObjectColumns.text(row, 0),
            row.getLong(1),
            timestamp == null ? 0 : timestamp.toEpochMilli(),
            ObjectColumns.text(row, FIRST_READ + 1),
            ObjectColumns.text(row, FIRST_READ + 2),
            tags == null ? Set.of() : tags,
            content,
            ObjectColumns.read(row, FIRST_READ + 12, FIRST_READ + 14)));
  }

  private static @Nullable Content content(Row row) {
    String eventId = row.getString(FIRST_READ + 4);
    if (eventId != null) {
      return new StreamEvent(streamEvent(row, eventId));
    }
    SerializedObject object = ObjectColumns.read(row, FIRST_READ + 10, FIRST_READ + 9);
    return object == null ? null : new ActorEvent(object);
  }

  private static EventData streamEvent(Row row, String eventId) {
    // The column that is set, rather than what today's code takes for JSON.
    int column = FIRST_READ + (row.isNull(FIRST_READ + 7) ? 9 : 7);
    return new EventData(
        eventId,
        ObjectColumns.text(row, FIRST_READ + 5),
        new SerializedPayload(
            ObjectColumns.text(row, FIRST_READ + 6), ObjectColumns.bytes(row, column)),
        row.getString(FIRST_READ + 8));
  }
}
