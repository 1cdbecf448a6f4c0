// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/**
 * Which snapshots of a persistent actor are meant; all bounds are inclusive.
 *
 * @param minTimestampMillis in milliseconds since 1970
 * @param maxTimestampMillis in milliseconds since 1970
 */
public record SnapshotCriteria(
    long minSequenceNr, long maxSequenceNr, long minTimestampMillis, long maxTimestampMillis) {

  /** The snapshots at one sequence number. */
  static SnapshotCriteria at(long sequenceNr) {
    return between(sequenceNr, sequenceNr);
  }

  static SnapshotCriteria between(long minSequenceNr, long maxSequenceNr) {
    return new SnapshotCriteria(minSequenceNr, maxSequenceNr, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Whether the timestamp matters. Every timestamp is above 0. */
  boolean hasTimeBounds() {
    return minTimestampMillis > 0 || maxTimestampMillis < Long.MAX_VALUE;
  }

  boolean matchesTimestamp(long timestampMillis) {
    return minTimestampMillis <= timestampMillis && timestampMillis <= maxTimestampMillis;
  }
}
