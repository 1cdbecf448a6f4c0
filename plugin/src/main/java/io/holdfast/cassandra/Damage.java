// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;

/**
 * Events that were acknowledged and cannot be read any more. It never happens while Cassandra keeps
 * what a quorum has stored, so it is told, and nothing is passed over.
 */
final class Damage {
  private static final String REMEDY =
      "Nothing was skipped. Repair the table events with 'nodetool repair --full' on every node and read again;"
          + " if that does not help, restore the partition from a backup (docs/operators-guide.md, Damaged streams)";

  private Damage() {}

  /** A row without some of the columns that it was written with. */
  static FenceException incomplete(String persistenceId, long sequenceNr, Object missing) {
    return failure(
        "event %d of '%s' is incomplete: its row lacks %s"
            .formatted(sequenceNr, persistenceId, missing));
  }

  /** Sequence numbers without a row that no deletion explains. */
  static FenceException gap(String persistenceId, long first, long last) {
    return failure(
        first == last
            ? "event %d of '%s' is missing, and was not deleted".formatted(first, persistenceId)
            : "events %d to %d of '%s' are missing, and were not deleted"
                .formatted(first, last, persistenceId));
  }

  /** A row where another one was read already. */
  static FenceException twice(String persistenceId, long sequenceNr) {
    return failure(
        "event %d of '%s' stands in two partitions".formatted(sequenceNr, persistenceId));
  }

  private static FenceException failure(String what) {
    return new FenceException(what + ". " + REMEDY, Effect.NONE);
  }
}
