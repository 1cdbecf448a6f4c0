// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import org.jspecify.annotations.Nullable;

/**
 * Where a stream stands after a recovery.
 *
 * @param highestSequenceNr the highest sequence number ever stored; 0 for a new stream
 * @param deletedTo events up to here are deleted; 0 for none
 * @param properties what the stream's actor keeps with it; {@code null} for nothing
 */
public record Recovered(long highestSequenceNr, long deletedTo, @Nullable String properties) {}
