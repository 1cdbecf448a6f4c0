// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.Content;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.serialization.ObjectSerialization;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedObject;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Between Pekko's {@link PersistentRepr} and a row. Events of the event store go to readable
 * columns, all others through Pekko's serialization. Thread-safe.
 */
final class EventMapper {
  private final ObjectSerialization objects;

  EventMapper(ActorSystem system) {
    this.objects = new ObjectSerialization(system);
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
      content = new ActorEvent(objects.serialize(payload));
    }
    return new EventRow(
        event.persistenceId(),
        event.sequenceNr(),
        timestamp,
        event.writerUuid(),
        event.manifest(),
        tags,
        content,
        event.metadata().isEmpty() ? null : objects.serialize(event.metadata().get()));
  }

  /** Throws whatever the event's serializer throws. */
  PersistentRepr toRepr(EventRow row) {
    Object payload;
    if (row.content() instanceof StreamEvent stream) {
      payload = new RecordedEvent(stream.data(), row.timestampMillis());
    } else {
      payload = objects.deserialize(((ActorEvent) row.content()).event());
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
    return metadata == null ? event : event.withMetadata(objects.deserialize(metadata));
  }
}
