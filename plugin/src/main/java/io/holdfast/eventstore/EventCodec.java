// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.SerializationException;

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

  StreamDomainEvent<?> decode(String streamId, VersionedEvent versioned) {
    EventData data = versioned.event().data();
    try {
      return new StreamDomainEvent<>(
          data.id(),
          streamId,
          data.type(),
          versioned.version(),
          versioned.event().timestampMillis(),
          serializer.deserialize(data.type(), data.payload()),
          MetadataJson.read(data.metadata()));
    } catch (RuntimeException e) {
      throw new SerializationException(
          "event %d of stream '%s' cannot be read: %s"
              .formatted(versioned.version(), streamId, e.getMessage()),
          e);
    }
  }
}
