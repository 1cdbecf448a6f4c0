// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.embedded.CommitLogSync;

/** What a run can be given for the checker to find. */
public enum PlantedBug {
  NONE(""),
  /** Two live writers of a stream do not hear of each other. */
  FENCING_OFF("holdfast.journal.fencing = off"),
  /** A repeated append is compared with the last event only, and with those of 24 seconds. */
  SHORT_ID_WINDOW("holdfast.event-store.deduplication-window = 1"),
  /** A killed Cassandra node loses what it acknowledged last. */
  LATE_COMMIT_LOG("");

  private final String settings;

  PlantedBug(String settings) {
    this.settings = settings;
  }

  /** The settings of applications that have it, as HOCON. */
  String settings() {
    return settings;
  }

  CommitLogSync commitLogSync() {
    return this == LATE_COMMIT_LOG ? CommitLogSync.PERIODIC : CommitLogSync.BATCH;
  }
}
