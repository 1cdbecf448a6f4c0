// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.cassandra.EventRow;
import java.util.List;

/**
 * What events count for in the windows of one reader: one for each KiB of their size, which is
 * taken to be that of the events of the last window, since logs do not tell. Thread-safe.
 */
final class WindowSize {
  private static final int UNIT_BYTES = 1 << 10;

  /** Before anything has been read: the first windows have a few events, which may be large. */
  private volatile long unitsPerEvent = 1_024;

  long of(WantedRow row) {
    return unitsPerEvent * row.parts().stream().mapToLong(EntryPart::events).sum();
  }

  void learn(List<FeedRow> window) {
    if (!window.isEmpty()) {
      long bytes = window.stream().map(FeedRow::row).mapToLong(EventRow::sizeInBytes).sum();
      unitsPerEvent = 1 + bytes / window.size() / UNIT_BYTES;
    }
  }
}
