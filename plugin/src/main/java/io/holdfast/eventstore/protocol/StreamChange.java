// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import static java.util.Objects.requireNonNull;

/** What can be done to a stream as a whole. Each may be repeated. */
public sealed interface StreamChange {
  /**
   * Deletes all events below a version.
   *
   * @param beforeVersion the lowest version that stays, from 1; above the stream's version, none
   *     stays
   */
  record Truncate(long beforeVersion) implements StreamChange {}

  /** Deletes all events. The stream's versions go on if it is written again. */
  record Delete() implements StreamChange {}

  /** Lets nobody append any more, ever. The events stay. */
  record Close() implements StreamChange {}

  /** Replaces the stream's metadata. */
  record SetMetadata(StreamMetadata metadata) implements StreamChange {
    public SetMetadata {
      requireNonNull(metadata, "metadata");
    }
  }
}
