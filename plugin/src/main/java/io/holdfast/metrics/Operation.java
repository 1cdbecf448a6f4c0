// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import static io.holdfast.metrics.Outcome.CONFLICT;
import static io.holdfast.metrics.Outcome.REJECTED;
import static io.holdfast.metrics.Outcome.SUCCESS;
import static io.holdfast.metrics.Outcome.UNAVAILABLE;
import static io.holdfast.metrics.Outcome.UNKNOWN;
import static io.holdfast.metrics.Outcome.UNREADABLE;

import java.util.Set;

/** What is timed; each has a timer for each of its outcomes. For Holdfast's own use. */
public enum Operation {
  APPEND(
      "holdfast.eventstore.appends",
      "Appends and batches, from the call of the EventStore to its answer",
      Set.of(SUCCESS, REJECTED, CONFLICT, UNAVAILABLE, UNKNOWN)),
  WRITE(
      "holdfast.journal.writes",
      "Writes of persistent actors, fence read included; rejected if any of its events was",
      Set.of(SUCCESS, REJECTED, UNAVAILABLE, UNKNOWN)),
  RECOVERY(
      "holdfast.journal.recoveries",
      "Recoveries of highest sequence numbers, claims included",
      Set.of(SUCCESS, UNAVAILABLE)),
  REPLAY(
      "holdfast.journal.replays",
      "Replays of events to persistent actors",
      Set.of(SUCCESS, UNAVAILABLE, UNREADABLE)),
  DELETION(
      "holdfast.journal.deletions", "Deletions of events", Set.of(SUCCESS, UNAVAILABLE, UNKNOWN)),
  FENCE_READ(
      "holdfast.fence.reads",
      "Reads of the writer's own revocations, each shared by all who wait",
      Set.of(SUCCESS, UNAVAILABLE)),
  CLAIM(
      "holdfast.fence.claims",
      "Streams taken over from their previous owner",
      Set.of(SUCCESS, UNAVAILABLE, UNKNOWN)),
  SNAPSHOT_SAVE(
      "holdfast.snapshots.saves",
      "Snapshots saved",
      Set.of(SUCCESS, REJECTED, UNAVAILABLE, UNKNOWN)),
  SNAPSHOT_LOAD(
      "holdfast.snapshots.loads",
      "Snapshots looked for and loaded",
      Set.of(SUCCESS, UNAVAILABLE, UNREADABLE)),
  SNAPSHOT_DELETION(
      "holdfast.snapshots.deletions",
      "Requests to delete snapshots",
      Set.of(SUCCESS, UNAVAILABLE, UNKNOWN));

  final String meter;
  final String description;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  final Set<Outcome> outcomes;

  Operation(String meter, String description, Set<Outcome> outcomes) {
    this.meter = meter;
    this.description = description;
    this.outcomes = outcomes;
  }

  /** Whether it may have taken effect although it failed; a read has no effect. */
  public boolean mayBeUnknown() {
    return outcomes.contains(UNKNOWN);
  }
}
