// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

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

  /**
   * Replaces the stream's metadata.
   *
   * @param atRevision the revision of the metadata that is replaced; with another one, the change
   *     is a conflict. Empty for whatever there is
   */
  record SetMetadata(StreamMetadata metadata, OptionalLong atRevision) implements StreamChange {
    public SetMetadata {
      requireNonNull(metadata, "metadata");
      requireNonNull(atRevision, "atRevision");
    }
  }
}
