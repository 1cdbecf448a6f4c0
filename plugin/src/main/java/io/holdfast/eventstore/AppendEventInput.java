// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/**
 * One event to append to one stream.
 *
 * @param expectedVersion what the stream's version must be, 0 for a stream that must be new; empty
 *     for whatever it is
 */
public record AppendEventInput<T>(
    String streamId, NewEvent<T> event, OptionalLong expectedVersion) {
  public AppendEventInput {
    requireNonNull(streamId, "streamId");
    requireNonNull(event, "event");
    requireNonNull(expectedVersion, "expectedVersion");
  }

  /** Appends whatever the stream's version is. */
  public static <T> AppendEventInput<T> of(String streamId, NewEvent<T> event) {
    return new AppendEventInput<>(streamId, event, OptionalLong.empty());
  }

  /** Appends whatever the stream's version is. */
  public static <T> AppendEventInput<T> of(String streamId, String type, T payload) {
    return of(streamId, NewEvent.of(type, payload));
  }

  public AppendEventInput<T> withExpectedVersion(long version) {
    return new AppendEventInput<>(streamId, event, OptionalLong.of(version));
  }
}
