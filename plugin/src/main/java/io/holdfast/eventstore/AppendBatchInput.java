// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * Events to append to one stream, all of them or none.
 *
 * @param events the events, in order; may be empty, which writes nothing and answers the stream's
 *     version
 * @param expectedVersion what the stream must be like
 */
public record AppendBatchInput(
    String streamId, List<NewEvent<?>> events, ExpectedVersion expectedVersion) {
  public AppendBatchInput {
    requireNonNull(streamId, "streamId");
    requireNonNull(events, "events");
    for (NewEvent<?> event : events) {
      requireNonNull(event, "events: one of them");
    }
    events = List.copyOf(events);
    requireNonNull(expectedVersion, "expectedVersion");
  }

  /** Appends whatever the stream's version is. */
  public static AppendBatchInput of(String streamId, List<? extends NewEvent<?>> events) {
    return new AppendBatchInput(
        streamId, new ArrayList<>(requireNonNull(events, "events")), ExpectedVersion.any());
  }

  /**
   * Appends if the stream is at this version.
   *
   * @param version from 0, which is a stream that must be new
   */
  public AppendBatchInput withExpectedVersion(long version) {
    return withExpectedVersion(ExpectedVersion.exactly(version));
  }

  /** Appends if the stream is as expected. */
  public AppendBatchInput withExpectedVersion(ExpectedVersion expected) {
    return new AppendBatchInput(streamId, events, expected);
  }
}
