// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import org.jspecify.annotations.Nullable;

/**
 * What of a stream is settled: the events after {@code deletedTo} up to {@code sequenceNr}.
 *
 * @param deletedTo events up to here are deleted; 0 for none
 * @param sequenceNr the highest sequence number that is settled; 0 for none
 * @param complete whether that includes everything that was acknowledged before the read began; if
 *     not, the stream is just being claimed, and its last batch in doubt: read again, later
 * @param properties what the stream's actor keeps with it; {@code null} for nothing
 */
public record Settled(
    long deletedTo, long sequenceNr, boolean complete, @Nullable String properties) {
  static final Settled NOTHING = new Settled(0, 0, true, null);
}
