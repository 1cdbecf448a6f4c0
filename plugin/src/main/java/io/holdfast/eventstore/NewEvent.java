// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An event to append.
 *
 * @param id the event's id, or {@code null} to have the store's {@link IdGenerator} draw one. It
 *     names this event and no other: an append of an id that the stream has already is answered as
 *     a repetition or refused
 * @param type the logical type name, or {@code null} to have the serializer name the payload
 * @param payload what happened; any object that the store's serializer takes
 * @param metadata what is known about it
 */
public record NewEvent<T>(
    @Nullable String id, @Nullable String type, T payload, EventMetadata metadata) {
  public NewEvent {
    requireNonNull(payload, "payload");
    requireNonNull(metadata, "metadata");
  }

  /** An event with a type and a payload. */
  public static <T> NewEvent<T> of(String type, T payload) {
    return new NewEvent<>(null, type, payload, EventMetadata.empty());
  }

  /** An event whose type the serializer knows by the payload's class. */
  public static <T> NewEvent<T> of(T payload) {
    return new NewEvent<>(null, null, payload, EventMetadata.empty());
  }

  public NewEvent<T> withId(String id) {
    return new NewEvent<>(id, type, payload, metadata);
  }

  public NewEvent<T> withMetadata(EventMetadata metadata) {
    return new NewEvent<>(id, type, payload, metadata);
  }
}
