// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.protocol.StreamMetadata;

/**
 * What is known of a stream but its events.
 *
 * @param version the version of its last event, which may be deleted; 0 if it never had one
 * @param firstVersion the lowest version that is neither deleted nor above {@code maxCount}; the
 *     version plus 1 if there is none
 * @param closed whether nothing can be appended any more
 * @param metadata how long it keeps its events
 */
public record StreamInfo(
    String streamId, long version, long firstVersion, boolean closed, StreamMetadata metadata) {
  public StreamInfo {
    requireNonNull(streamId, "streamId");
    requireNonNull(metadata, "metadata");
  }

  /** Whether the stream has an event. */
  public boolean exists() {
    return firstVersion <= version;
  }
}
