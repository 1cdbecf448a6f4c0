// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of a stream in {@code streams}: who owns it, since when, and where its events began then.
 *
 * @param owner the writer that owns the stream
 * @param epoch the owner's epoch, in microseconds since 1970
 * @param head the highest sequence number when the epoch began; always the end of a batch
 * @param deletedTo events up to this sequence number are deleted; 0 for none
 * @param properties what the stream's actor keeps with it, opaque to the protocol; {@code null} for
 *     nothing
 */
public record StreamOwnership(
    UUID owner, long epoch, long head, long deletedTo, @Nullable String properties) {
  public StreamOwnership {
    requireNonNull(owner, "owner");
  }

  /** The row as another owner leaves it. */
  StreamOwnership takenBy(UUID nextOwner, long nextEpoch, long nextHead) {
    return new StreamOwnership(nextOwner, nextEpoch, nextHead, deletedTo, properties);
  }
}
