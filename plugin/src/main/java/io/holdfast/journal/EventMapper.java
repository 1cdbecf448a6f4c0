// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.Content;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedObject;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Between Pekko's {@link PersistentRepr} and a row. Events of the event store go to readable
 * columns, all others through Pekko's serialization. Thread-safe.
 */
final class EventMapper {
  private final Serialization serialization;

  EventMapper(ActorSystem system) {
    this.serialization = SerializationExtension.get(system);
  }

  /** Throws whatever the event's serializer throws; the event is to be rejected then. */
  EventRow toRow(PersistentRepr event) {
    Object payload = event.payload();
    Set<String> tags = Set.of();
    if (payload instanceof Tagged tagged) {
      payload = tagged.payload();
      tags = new HashSet<>(CollectionConverters.asJava(tagged.tags()));
    }
    long timestamp = event.timestamp();
    Content content;
    if (payload instanceof RecordedEvent recorded) {
      content = new StreamEvent(recorded.data());
      timestamp = recorded.timestampMillis();
    } else {
      content = new ActorEvent(serialize(payload));
    }
    return new EventRow(
        event.persistenceId(),
        event.sequenceNr(),
        timestamp,
        event.writerUuid(),
        event.manifest(),
        tags,
        content,
        event.metadata().isEmpty() ? null : serialize(event.metadata().get()));
  }

  /** Throws whatever the event's serializer throws. */
  PersistentRepr toRepr(EventRow row) {
    Object payload;
    if (row.content() instanceof StreamEvent stream) {
      payload = new RecordedEvent(stream.data(), row.timestampMillis());
    } else {
      payload = deserialize(((ActorEvent) row.content()).event());
    }
    PersistentRepr event =
        PersistentRepr.apply(
                payload,
                row.sequenceNr(),
                row.persistenceId(),
                row.manifest(),
                false,
                ActorRef.noSender(),
                row.writerUuid())
            .withTimestamp(row.timestampMillis());
    @Nullable SerializedObject metadata = row.metadata();
    return metadata == null ? event : event.withMetadata(deserialize(metadata));
  }

  private SerializedObject serialize(Object object) {
    Serializer serializer = serialization.findSerializerFor(object);
    byte[] bytes = serialization.serialize(object).get();
    return new SerializedObject(
        serializer.identifier(),
        Serializers.manifestFor(serializer, object),
        ByteString.fromArrayUnsafe(bytes));
  }

  private Object deserialize(SerializedObject object) {
    return serialization
        .deserialize(object.bytes().toArrayUnsafe(), object.serializerId(), object.manifest())
        .get();
  }
}
