// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import java.time.Duration;

/** Settings of streams that tests reach the limits of. */
final class TestSettings {
  static final RecentIds.Window WINDOW = new RecentIds.Window(100, 1_000);

  private TestSettings() {}

  /** The journal may take three seconds; drawn ids are fresh for ten minutes. */
  static StreamEntitySettings of(int maxBatchEvents, int maxWriteBytes) {
    return new StreamEntitySettings(
        "holdfast",
        "journal",
        "type",
        "",
        Duration.ofSeconds(1),
        10,
        Duration.ZERO,
        100,
        1_000_000,
        new StreamLimits("holdfast.event-store", 100, 1_000, 1_000, maxBatchEvents, "nothing"),
        maxWriteBytes,
        100,
        1_000_000,
        100,
        WINDOW,
        Duration.ofHours(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3));
  }
}
