// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.Content;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.serialization.ObjectSerialization;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedObject;
import io.holdfast.serialization.Utf8;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
  private final InstantSource clock;

  /**
   * @param clock tells when events are written that do not say it themselves
   */
  EventMapper(ActorSystem system, InstantSource clock) {
    this.objects = new ObjectSerialization(system);
    this.clock = clock;
  }

  /** That of an event store's event, which needs no serialization. */
  static EventRow toRow(String persistenceId, long sequenceNr, RecordedEvent event) {
    return new EventRow(
        persistenceId,
        sequenceNr,
        event.timestampMillis(),
        "",
        "",
        Set.of(),
        new StreamEvent(event.data()),
        null);
  }

  /**
   * Fails if the event could not be read again, and with whatever its serializer throws; the event
   * is to be rejected then.
   */
  CompletableFuture<EventRow> toRow(PersistentRepr event) {
    Object payload = event.payload();
    Set<String> tags = Set.of();
    try {
      if (payload instanceof Tagged tagged) {
        tags = checked(tagged.tags());
        payload = tagged.payload();
      }
      if (payload == null) {
        throw new IllegalArgumentException("the event is null");
      } else if (payload instanceof Tagged) {
        throw new IllegalArgumentException(
            "the event is Tagged in Tagged; give it all tags at once");
      }
      if (event.manifest() == null) {
        throw new IllegalArgumentException("the event adapter's manifest is null");
      }
      Utf8.checked("the event adapter's manifest", event.manifest());
    } catch (RuntimeException e) {
      return failedFuture(e);
    }
    return toRow(event, payload, tags);
  }

  private static Set<String> checked(scala.collection.immutable.@Nullable Set<String> tags) {
    if (tags == null) {
      throw new IllegalArgumentException("the event is Tagged with null in place of tags");
    }
    Set<String> checked = new HashSet<>();
    for (String tag : CollectionConverters.asJava(tags)) {
      if (tag == null) {
        throw new IllegalArgumentException("a tag of the event is null");
      }
      checked.add(Utf8.checked("the tag", tag));
    }
    return checked;
  }

  private CompletableFuture<EventRow> toRow(
      PersistentRepr event, Object payload, Set<String> tags) {
    long timestamp =
        payload instanceof RecordedEvent recorded
            ? recorded.timestampMillis()
            : timestampMillis(event);
    CompletableFuture<Content> content =
        payload instanceof RecordedEvent recorded
            ? completedFuture(new StreamEvent(recorded.data()))
            : objects.serialize(payload).thenApply(ActorEvent::new);
    return event.metadata().isEmpty()
        ? content.thenApply(stored -> row(event, timestamp, tags, stored, null))
        : content.thenCombine(
            objects.serialize(event.metadata().get()),
            (stored, metadata) -> row(event, timestamp, tags, stored, metadata));
  }

  /** Pekko leaves it to the journal; a program that copies events has set it. */
  private long timestampMillis(PersistentRepr event) {
    return event.timestamp() == 0 ? clock.millis() : event.timestamp();
  }

  private static EventRow row(
      PersistentRepr event,
      long timestamp,
      Set<String> tags,
      Content content,
      @Nullable SerializedObject metadata) {
    return new EventRow(
        event.persistenceId(),
        event.sequenceNr(),
        timestamp,
        event.writerUuid(),
        event.manifest(),
        tags,
        content,
        metadata);
  }

  /** Fails with what the event's serializer throws, as {@link EventRow#named} says. */
  CompletableFuture<PersistentRepr> toRepr(EventRow row) {
    CompletableFuture<PersistentRepr> event =
        row.payload(objects).thenApply(object -> toRepr(row, object));
    @Nullable SerializedObject metadata = row.metadata();
    return row.named(
        metadata == null
            ? event
            : event.thenCombine(objects.deserialize(metadata), PersistentRepr::withMetadata));
  }

  private static PersistentRepr toRepr(EventRow row, Object payload) {
    return PersistentRepr.apply(
            payload,
            row.sequenceNr(),
            row.persistenceId(),
            row.manifest(),
            false,
            ActorRef.noSender(),
            row.writerUuid())
        .withTimestamp(row.timestampMillis());
  }
}
