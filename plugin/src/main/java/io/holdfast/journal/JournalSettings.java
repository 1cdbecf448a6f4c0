// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.fence.WriterSettings;
import io.holdfast.settings.Section;
import java.time.Duration;

/**
 * The journal's section, parsed and checked once. Its keys are explained in {@code reference.conf}.
 *
 * @param replayPatience how long a replay waits for room to read; below the time in which its actor
 *     must hear of it
 */
record JournalSettings(
    WriterSettings writer, int maxBatchBytes, int replayPageSize, Duration replayPatience) {

  static JournalSettings of(Section section, int partitionSize) {
    // A small partition bounds the batches by itself; nobody should have to set both.
    int maxBatchSize = Math.min(section.integer("max-batch-size", 1, 10_000_000), partitionSize);
    int maxOpenLogRows = section.integer("max-open-log-rows", 1, 100);
    return new JournalSettings(
        new WriterSettings(
            section.flag("fencing"),
            section.integer("max-overlapping-fence-reads", 1, 100),
            section.flag("feed") ? maxOpenLogRows : 0,
            maxBatchSize,
            section.integer("max-remembered-streams", 0, 10_000_000)),
        section.bytes("max-batch-bytes", 1 << 10, 16 << 20),
        section.integer("replay-page-size", 1, 10_000),
        section.positiveTime("recovery-event-timeout").multipliedBy(3).dividedBy(4));
  }

  int maxBatchSize() {
    return writer.maxBatchSize();
  }
}
