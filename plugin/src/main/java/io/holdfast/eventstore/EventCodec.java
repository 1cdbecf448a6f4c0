// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.feed.FeedOffset;
import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.EventSerializer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the API's events and their serialized form. Thread-safe if its parts are. */
record EventCodec(EventSerializer serializer, IdGenerator idGenerator) {

  EventData encode(String streamId, NewEvent<?> event) {
    try {
      String type = event.type() == null ? typeOf(event.payload()) : event.type();
      String id = event.id() == null ? idGenerator.nextId() : event.id();
      return new EventData(
          id,
          type,
          serializer.serialize(type, event.payload()),
          MetadataJson.write(event.metadata()));
    } catch (RuntimeException e) {
      throw new RejectedException(
          streamId,
          "event for stream '%s' was not taken: %s".formatted(streamId, e.getMessage()),
          e);
    }
  }

  private String typeOf(Object payload) {
    return serializer
        .typeOf(payload)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "it has no type, and %s is not registered with the serializer; give the event a type or register the class"
                        .formatted(payload.getClass().getName())));
  }

  /**
   * What a stored event means today: itself, in general. Where the serializer reads several
   * payloads, or none, they share id, version, time and metadata of the stored event.
   *
   * @param offset the place after it, if it comes from the feed
   * @throws UnreadableEventException if the event cannot be deserialized
   */
  List<StreamDomainEvent<?>> decode(
      String streamId, VersionedEvent versioned, @Nullable FeedOffset offset) {
    EventData data = versioned.event().data();
    try {
      EventMetadata metadata = MetadataJson.read(data.metadata());
      return serializer.deserialize(data.type(), data.payload()).stream()
          .<StreamDomainEvent<?>>map(
              read ->
                  new StreamDomainEvent<>(
                      data.id(),
                      streamId,
                      read.type(),
                      versioned.version(),
                      versioned.event().timestampMillis(),
                      read.payload(),
                      metadata))
          .toList();
    } catch (RuntimeException e) {
      throw new UnreadableEventException(streamId, versioned.version(), data.type(), offset, e);
    }
  }
}
