// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/**
 * Events to append to one stream, all of them or none.
 *
 * @param events the events, in order; may be empty, which writes nothing and answers the stream's
 *     version
 * @param expectedVersion what the stream's version must be, 0 for a stream that must be new; empty
 *     for whatever it is
 */
public record AppendBatchInput(
    String streamId, List<NewEvent<?>> events, OptionalLong expectedVersion) {
  public AppendBatchInput {
    requireNonNull(streamId, "streamId");
    events = List.copyOf(events);
    requireNonNull(expectedVersion, "expectedVersion");
  }

  /** Appends whatever the stream's version is. */
  public static AppendBatchInput of(String streamId, List<? extends NewEvent<?>> events) {
    return new AppendBatchInput(streamId, List.copyOf(events), OptionalLong.empty());
  }

  public AppendBatchInput withExpectedVersion(long version) {
    return new AppendBatchInput(streamId, events, OptionalLong.of(version));
  }
}
