// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.fence.LogEntry;

/**
 * What is wanted of an entry of a log.
 *
 * @param index of the entry in its row
 * @param fromSequenceNr what is below was used before
 */
record EntryPart(LogEntry entry, int index, long fromSequenceNr) {
  long events() {
    return entry.lastSequenceNr() - fromSequenceNr + 1;
  }
}
