// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.journal.JournalException;
import java.util.Locale;

/**
 * What a writer heard of one event.
 *
 * @param version the event's version if it was appended, the stream's if there was a conflict, else
 *     0
 * @param detail the message of a failure
 */
record Answer(Outcome outcome, long version, String detail) {
  enum Outcome {
    APPENDED,
    CONFLICT,
    UNAVAILABLE,
    UNKNOWN,
    /** None of the outcomes that an append may have. */
    WRONG
  }

  static Answer appended(long version) {
    return new Answer(Outcome.APPENDED, version, "");
  }

  static Answer unknown(String detail) {
    return new Answer(Outcome.UNKNOWN, 0, detail);
  }

  static Answer of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConcurrencyException conflict) {
        return new Answer(Outcome.CONFLICT, conflict.actualVersion(), "");
      } else if (cause instanceof UnknownOutcomeException) {
        return unknown(cause.toString());
      } else if (cause instanceof UnavailableException) {
        return new Answer(Outcome.UNAVAILABLE, 0, cause.toString());
      } else if (cause instanceof JournalException journal) {
        return new Answer(
            Outcome.valueOf(journal.outcome().name().toUpperCase(Locale.ROOT)),
            0,
            cause.toString());
      }
    }
    return new Answer(Outcome.WRONG, 0, failure.toString());
  }

  boolean isAppended() {
    return outcome == Outcome.APPENDED;
  }

  /** One line. */
  String encode() {
    return "%s %d %s".formatted(outcome, version, detail.replaceAll("\\s+", " "));
  }

  static Answer decode(String line) {
    String[] parts = line.split(" ", 3);
    return new Answer(Outcome.valueOf(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }
}
