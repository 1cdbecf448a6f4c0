// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.fence.LogEntry;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far one reader has come in the streams that it met last, so that what a claim has logged
 * again is not delivered again. Streams that it has forgotten may. Not thread-safe.
 */
final class SeenStreams {
  private static final int MAX_STREAMS = 10_000;

  private final Map<String, Long> highest =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_STREAMS;
        }
      };

  /**
   * The first delivery of a stream's events is in order: what is below the highest has been seen.
   */
  boolean isSeen(LogEntry batch) {
    Long seen = highest.get(batch.persistenceId());
    return seen != null && seen >= batch.lastSequenceNr();
  }

  void add(LogEntry batch) {
    highest.put(batch.persistenceId(), batch.lastSequenceNr());
  }
}
