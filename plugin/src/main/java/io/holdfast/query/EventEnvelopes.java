// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.serialization.ObjectSerialization;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedObject;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.journal.EventAdapters;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows as the envelopes of Pekko Persistence Query. The journal's event adapters make none, one or
 * more events of a row, all at its offset. Thread-safe.
 */
final class EventEnvelopes {
  private final ObjectSerialization objects;
  private final Persistence persistence;
  private final EventAdapters adapters;

  /**
   * @param journal the configuration path of the journal whose event adapters apply
   */
  EventEnvelopes(ActorSystem system, String journal) {
    this.objects = new ObjectSerialization(system);
    this.persistence = Persistence.get(system);
    this.adapters = persistence.adaptersFor(journal);
  }

  List<EventEnvelope> of(EventRow row) {
    List<EventEnvelope> envelopes = new ArrayList<>(1);
    for (Object event : events(row)) {
      envelopes.add(
          new EventEnvelope(
              Offset.sequence(row.sequenceNr()),
              row.persistenceId(),
              row.sequenceNr(),
              event,
              row.timestampMillis(),
              metadata(row)));
    }
    return envelopes;
  }

  /** The caller says of which type the events are; nobody checks it. */
  @SuppressWarnings("unchecked")
  <E> List<org.apache.pekko.persistence.query.typed.EventEnvelope<E>> typed(EventRow row) {
    List<org.apache.pekko.persistence.query.typed.EventEnvelope<E>> envelopes = new ArrayList<>(1);
    String persistenceId = row.persistenceId();
    for (Object event : events(row)) {
      envelopes.add(
          new org.apache.pekko.persistence.query.typed.EventEnvelope<>(
              Offset.sequence(row.sequenceNr()),
              persistenceId,
              row.sequenceNr(),
              Option.apply((E) event),
              row.timestampMillis(),
              metadata(row),
              PersistenceId.extractEntityType(persistenceId),
              persistence.sliceForPersistenceId(persistenceId)));
    }
    return envelopes;
  }

  private Iterable<Object> events(EventRow row) {
    Object payload =
        row.content() instanceof StreamEvent stream
            ? new RecordedEvent(stream.data(), row.timestampMillis())
            : objects.deserialize(((ActorEvent) row.content()).event());
    return CollectionConverters.asJava(
        adapters.get(payload.getClass()).fromJournal(payload, row.manifest()).events());
  }

  private Option<Object> metadata(EventRow row) {
    @Nullable SerializedObject metadata = row.metadata();
    return metadata == null ? Option.empty() : Option.apply(objects.deserialize(metadata));
  }
}
