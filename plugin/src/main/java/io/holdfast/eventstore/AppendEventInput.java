// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.protocol.ExpectedVersion;

/**
 * One event to append to one stream.
 *
 * @param expectedVersion what the stream must be like
 */
public record AppendEventInput<T>(
    String streamId, NewEvent<T> event, ExpectedVersion expectedVersion) {
  public AppendEventInput {
    requireNonNull(streamId, "streamId");
    requireNonNull(event, "event");
    requireNonNull(expectedVersion, "expectedVersion");
  }

  /** Appends whatever the stream's version is. */
  public static <T> AppendEventInput<T> of(String streamId, NewEvent<T> event) {
    return new AppendEventInput<>(streamId, event, ExpectedVersion.any());
  }

  /** Appends whatever the stream's version is. */
  public static <T> AppendEventInput<T> of(String streamId, String type, T payload) {
    return of(streamId, NewEvent.of(type, payload));
  }

  /**
   * Appends if the stream is at this version.
   *
   * @param version from 0, which is a stream that must be new
   */
  public AppendEventInput<T> withExpectedVersion(long version) {
    return withExpectedVersion(ExpectedVersion.exactly(version));
  }

  /** Appends if the stream is as expected. */
  public AppendEventInput<T> withExpectedVersion(ExpectedVersion expected) {
    return new AppendEventInput<>(streamId, event, expected);
  }
}
