// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.Set;

/**
 * What the log says of one batch: where its rows stand, and what readers choose by.
 *
 * @param persistenceId the stream
 * @param firstSequenceNr where the batch begins
 * @param lastSequenceNr the last sequence number of the batch
 * @param epoch the epoch of its rows
 * @param eventTypes the types of its events
 * @param tags the tags of its events
 */
public record LogEntry(
    String persistenceId,
    long firstSequenceNr,
    long lastSequenceNr,
    long epoch,
    Set<String> eventTypes,
    Set<String> tags) {
  /** Three numbers, and the lengths of all parts. */
  private static final int FIXED_BYTES = 3 * Long.BYTES + 9 * Integer.BYTES;

  public LogEntry {
    eventTypes = Set.copyOf(eventTypes);
    tags = Set.copyOf(tags);
  }

  /**
   * About how many bytes it takes in a row of the log; up to three times as many where the texts
   * are not ASCII.
   */
  int sizeInBytes() {
    int size = FIXED_BYTES + persistenceId.length();
    for (String type : eventTypes) {
      size += Integer.BYTES + type.length();
    }
    for (String tag : tags) {
      size += Integer.BYTES + tag.length();
    }
    return size;
  }

  /** Whether both are of the same batch. */
  boolean isSame(LogEntry other) {
    return persistenceId.equals(other.persistenceId)
        && firstSequenceNr == other.firstSequenceNr
        && epoch == other.epoch;
  }
}
