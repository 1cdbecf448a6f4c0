// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.List;

/**
 * The events of one journal write for one stream: stored together or not at all.
 *
 * @param persistenceId the stream
 * @param firstSequenceNr the lowest sequence number of the rows
 * @param lastSequenceNr the highest sequence number of the rows
 * @param rows the rows, ascending; a number that is missing between them was rejected
 */
public record Batch<R>(
    String persistenceId, long firstSequenceNr, long lastSequenceNr, List<R> rows) {
  public Batch {
    rows = List.copyOf(rows);
    if (rows.isEmpty() || firstSequenceNr < 1 || lastSequenceNr < firstSequenceNr) {
      throw new IllegalArgumentException(
          "batch of '%s' with %d rows, from %d to %d"
              .formatted(persistenceId, rows.size(), firstSequenceNr, lastSequenceNr));
    }
  }
}
