// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A row of one writer's log. A row with entries tells of batches whose writes had been answered; it
 * is <em>final</em> once a later row settles it. A row without entries is final at once.
 *
 * @param position 1, 2, 3, … without gaps
 * @param entries the batches of one round
 * @param settledTo all rows below this position are settled by this row or by an earlier one
 * @param voided of the rows that this one settles, the entries that were not acknowledged: their
 *     indexes, by the row's position
 * @param after which position a reader must have reached in other writers' logs before this row
 * @param adopted batches that a claim logs again, oldest first; only where there are no entries
 * @param loggedAt when the row was made, by its writer's clock but never before the row before it,
 *     for people
 */
public record LogRow(
    long position,
    List<LogEntry> entries,
    long settledTo,
    Map<Long, Set<Integer>> voided,
    Map<UUID, Long> after,
    List<LogEntry> adopted,
    Instant loggedAt) {
  /** Where a log begins. */
  public static final long FIRST_POSITION = 1;

  public LogRow {
    entries = List.copyOf(entries);
    voided = Map.copyOf(voided);
    after = Map.copyOf(after);
    adopted = List.copyOf(adopted);
  }

  /** The same row, but neither logs nor adopts anything. */
  LogRow withoutBatches() {
    return new LogRow(position, List.of(), settledTo, voided, after, List.of(), loggedAt);
  }
}
