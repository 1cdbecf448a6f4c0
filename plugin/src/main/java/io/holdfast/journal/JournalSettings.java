// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import com.typesafe.config.Config;
import io.holdfast.fence.WriterSettings;

/**
 * The journal's section, parsed and checked once. Its keys are explained in {@code reference.conf}.
 */
record JournalSettings(WriterSettings writer, int maxBatchBytes, int replayPageSize) {

  static JournalSettings of(Config config, int partitionSize) {
    // A small partition bounds the batches by itself; nobody should have to set both.
    int maxBatchSize = Math.min(config.getInt("max-batch-size"), partitionSize);
    return new JournalSettings(
        new WriterSettings(
            config.getBoolean("fencing"),
            integer(config, "max-overlapping-fence-reads", 1, 100),
            (int) within("max-batch-size", maxBatchSize, 1, partitionSize),
            integer(config, "max-remembered-streams", 0, 10_000_000)),
        (int) within("max-batch-bytes", config.getBytes("max-batch-bytes"), 1024, 16 << 20),
        integer(config, "replay-page-size", 1, 10_000));
  }

  int maxBatchSize() {
    return writer.maxBatchSize();
  }

  private static int integer(Config config, String key, int low, int high) {
    return (int) within(key, config.getInt(key), low, high);
  }

  private static long within(String key, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "%s = %d in the section of the journal: must be from %d to %d"
              .formatted(key, value, low, high));
    }
    return value;
  }
}
