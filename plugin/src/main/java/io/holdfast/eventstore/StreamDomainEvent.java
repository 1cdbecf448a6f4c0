// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

/**
 * An event of a stream, as it is stored; or what an {@link io.holdfast.serialization.Upcaster}
 * makes of it.
 *
 * @param id the event's id
 * @param streamId its stream
 * @param type its logical type name
 * @param version its place in the stream: 1, 2, 3, … without gaps
 * @param timestamp when it was recorded, in milliseconds since 1970, by the clock of the node that
 *     recorded it
 * @param payload what happened
 * @param metadata what is known about it
 */
public record StreamDomainEvent<T>(
    String id,
    String streamId,
    String type,
    long version,
    long timestamp,
    T payload,
    EventMetadata metadata) {
  public StreamDomainEvent {
    requireNonNull(id, "id");
    requireNonNull(streamId, "streamId");
    requireNonNull(type, "type");
    requireNonNull(payload, "payload");
    requireNonNull(metadata, "metadata");
  }

  <P> StreamDomainEvent<P> withPayload(P other) {
    return new StreamDomainEvent<>(id, streamId, type, version, timestamp, other, metadata);
  }

  /**
   * The payload as an instance of a class.
   *
   * @throws ClassCastException if it is none; the message names the event
   */
  public <P> P payloadAs(Class<P> payloadType) {
    if (!payloadType.isInstance(payload)) {
      throw new ClassCastException(
          "event %d of stream '%s', of type '%s', is a %s, not a %s"
              .formatted(
                  version, streamId, type, payload.getClass().getName(), payloadType.getName()));
    }
    return payloadType.cast(payload);
  }
}
