// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

/**
 * The last batch of a stream, as one of its rows tells of it: the others may be missing.
 *
 * @param batchFirstSequenceNr the first sequence number of the batch
 * @param sequenceNr the last sequence number of the batch; 0 where no row was found
 */
public record Tail(long batchFirstSequenceNr, long sequenceNr) {
  /** No row stands after the head. */
  public static final Tail NONE = new Tail(0, 0);
}
