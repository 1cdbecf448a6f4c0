// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.settings.Section;

/**
 * The snapshot store's section, parsed and checked once. Its keys are explained in {@code
 * reference.conf}.
 */
record SnapshotStoreSettings(int chunkSize, int maxBytes) {
  static SnapshotStoreSettings of(Section section) {
    return new SnapshotStoreSettings(
        section.bytes("chunk-size", 1 << 10, 8 << 20),
        section.bytes("max-bytes", 1 << 10, 1 << 30));
  }
}
