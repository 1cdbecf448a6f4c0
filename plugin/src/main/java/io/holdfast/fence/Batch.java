// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.List;
import java.util.Set;

/**
 * The events of one journal write for one stream: stored together or not at all.
 *
 * @param persistenceId the stream
 * @param firstSequenceNr the lowest sequence number of the rows
 * @param lastSequenceNr the highest sequence number of the rows
 * @param rows the rows, ascending; a number that is missing between them was rejected
 * @param eventTypes the types of the events
 * @param tags the tags of the events
 */
public record Batch<R>(
    String persistenceId,
    long firstSequenceNr,
    long lastSequenceNr,
    List<R> rows,
    Set<String> eventTypes,
    Set<String> tags) {
  public Batch {
    rows = List.copyOf(rows);
    if (rows.isEmpty() || firstSequenceNr < 1 || lastSequenceNr < firstSequenceNr) {
      throw new IllegalArgumentException(
          "batch of '%s' with %d rows, from %d to %d"
              .formatted(persistenceId, rows.size(), firstSequenceNr, lastSequenceNr));
    }
  }

  /**
   * What the log says of it.
   *
   * @param batchFirst where the batch begins, with the numbers before it that are filled
   */
  LogEntry entry(long batchFirst, long epoch) {
    return new LogEntry(persistenceId, batchFirst, lastSequenceNr, epoch, eventTypes, tags);
  }
}
