// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import com.typesafe.config.Config;

/**
 * The snapshot store's section, parsed and checked once. Its keys are explained in {@code
 * reference.conf}.
 */
record SnapshotStoreSettings(int chunkSize, int maxBytes) {
  static SnapshotStoreSettings of(Config config) {
    return new SnapshotStoreSettings(
        within(config, "chunk-size", 1 << 10, 8 << 20),
        within(config, "max-bytes", 1 << 10, 1 << 30));
  }

  private static int within(Config config, String key, int low, int high) {
    long value = config.getBytes(key);
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "%s = %,d in the section of the snapshot store: must be from %,d to %,d"
              .formatted(key, value, low, high));
    }
    return (int) value;
  }
}
