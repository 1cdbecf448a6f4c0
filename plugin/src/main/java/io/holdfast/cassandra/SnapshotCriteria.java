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

  boolean matchesTimestamp(long timestampMillis) {
    return minTimestampMillis <= timestampMillis && timestampMillis <= maxTimestampMillis;
  }
}
