// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static java.util.Objects.requireNonNull;

/**
 * A write, recovery or deletion failed. A persistent actor whose write failed is stopped by Pekko,
 * and finds what was stored when it recovers; {@link #outcome()} says what to tell a client
 * meanwhile.
 */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What became of the operation. */
  public enum Outcome {
    /** Nothing was stored, and nothing of it will be. Trying again later may succeed. */
    UNAVAILABLE,
    /** It may have been stored. The next recovery tells. */
    UNKNOWN
  }

  private final Outcome outcome;

  public JournalException(String message, Outcome outcome, Throwable cause) {
    super(message, cause);
    this.outcome = requireNonNull(outcome, "outcome");
  }

  public Outcome outcome() {
    return outcome;
  }
}
