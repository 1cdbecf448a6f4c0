// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an append, in the words of whoever asked for it.
 *
 * @param lastSequenceNr of the events, if they are acknowledged; else 0
 * @param failure why they are not
 */
record Answer(Outcome outcome, long lastSequenceNr, @Nullable Throwable failure) {
  enum Outcome {
    ACKNOWLEDGED,
    /** May be stored, or may be yet. */
    UNKNOWN,
    /** Not stored, and never will be. */
    UNAVAILABLE
  }

  static Answer acknowledged(long lastSequenceNr) {
    return new Answer(Outcome.ACKNOWLEDGED, lastSequenceNr, null);
  }

  static Answer failed(Outcome outcome, Throwable failure) {
    return new Answer(outcome, 0, failure);
  }

  boolean isAcknowledged() {
    return outcome == Outcome.ACKNOWLEDGED;
  }

  /** Where the events must stand in a history: its part that they take, or an empty list. */
  List<String> placeIn(List<String> history, int events) {
    return lastSequenceNr <= history.size()
        ? history.subList((int) lastSequenceNr - events, (int) lastSequenceNr)
        : List.of();
  }
}
