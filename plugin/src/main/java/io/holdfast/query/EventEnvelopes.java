// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.EventRow;
import io.holdfast.feed.FeedFilter;
import io.holdfast.serialization.ObjectSerialization;
import io.holdfast.serialization.SerializedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.journal.EventAdapters;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
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

  /** Fails with what the event's serializer or adapter throws, as {@link EventRow#named} says. */
  CompletableFuture<List<EventEnvelope>> of(EventRow row) {
    return of(row, Offset.sequence(row.sequenceNr()));
  }

  /** As {@link #of(EventRow)}, with an offset of the feed. */
  CompletableFuture<List<EventEnvelope>> of(EventRow row, Offset offset) {
    return envelopes(
        row,
        (event, metadata) ->
            new EventEnvelope(
                offset,
                row.persistenceId(),
                row.sequenceNr(),
                event,
                row.timestampMillis(),
                metadata));
  }

  /**
   * As {@link #of(EventRow)}, in typed envelopes. The caller says of which type the events are;
   * nobody checks it.
   */
  <E> CompletableFuture<List<org.apache.pekko.persistence.query.typed.EventEnvelope<E>>> typed(
      EventRow row) {
    return typed(row, Offset.sequence(row.sequenceNr()));
  }

  /** As {@link #typed(EventRow)}, with an offset of the feed. */
  @SuppressWarnings("unchecked")
  <E> CompletableFuture<List<org.apache.pekko.persistence.query.typed.EventEnvelope<E>>> typed(
      EventRow row, Offset offset) {
    String persistenceId = row.persistenceId();
    return envelopes(
        row,
        (event, metadata) ->
            new org.apache.pekko.persistence.query.typed.EventEnvelope<>(
                offset,
                persistenceId,
                row.sequenceNr(),
                Option.apply((E) event),
                row.timestampMillis(),
                metadata,
                FeedFilter.entityTypeOf(persistenceId),
                persistence.sliceForPersistenceId(persistenceId)));
  }

  private <T> CompletableFuture<List<T>> envelopes(
      EventRow row, BiFunction<Object, Option<Object>, T> envelope) {
    return row.named(
        row.payload(objects)
            .thenCombine(
                metadata(row),
                (payload, metadata) -> {
                  List<T> envelopes = new ArrayList<>(1);
                  for (Object event : adapted(payload, row.manifest())) {
                    envelopes.add(envelope.apply(event, metadata));
                  }
                  return envelopes;
                }));
  }

  private CompletableFuture<Option<Object>> metadata(EventRow row) {
    @Nullable SerializedObject metadata = row.metadata();
    return metadata == null
        ? completedFuture(Option.empty())
        : objects.deserialize(metadata).thenApply(Option::apply);
  }

  private Iterable<Object> adapted(Object payload, String manifest) {
    return CollectionConverters.asJava(
        adapters.get(payload.getClass()).fromJournal(payload, manifest).events());
  }
}
