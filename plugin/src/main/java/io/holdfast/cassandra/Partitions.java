// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/**
 * Where rows lie. A batch never spans two partitions: all of it lies where its first row belongs,
 * so a row may lie one partition before the one that its number says, and never anywhere else.
 *
 * @param size sequence numbers to a partition; the same for all the life of a keyspace
 */
record Partitions(int size) {
  /** The partition of a batch that begins after {@code sequenceNr}. */
  long after(long sequenceNr) {
    return sequenceNr / size;
  }

  /** The lowest partition where row {@code sequenceNr} may lie. */
  long lowestOf(long sequenceNr) {
    return Math.max(0, highestOf(sequenceNr) - 1);
  }

  /** The highest partition where row {@code sequenceNr} may lie. */
  long highestOf(long sequenceNr) {
    return (sequenceNr - 1) / size;
  }
}
