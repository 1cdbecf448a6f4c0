// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.settings.Section;
import java.time.Duration;

/**
 * The snapshot store's section, parsed and checked once. Its keys are explained in {@code
 * reference.conf}.
 *
 * @param patience how long a snapshot waits for room in the bytes that reads hold; below the time
 *     in which its actor must hear of it
 */
record SnapshotStoreSettings(int chunkSize, int maxBytes, Duration patience) {
  static SnapshotStoreSettings of(Section section) {
    return new SnapshotStoreSettings(
        section.bytes("chunk-size", 1 << 10, 8 << 20),
        section.bytes("max-bytes", 1 << 10, 1 << 30),
        section.positiveTime("circuit-breaker.call-timeout").multipliedBy(3).dividedBy(4));
  }
}
