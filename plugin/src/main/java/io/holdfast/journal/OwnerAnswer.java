// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import org.jspecify.annotations.Nullable;

/** The journal's answer to an {@link OwnerRequest}. */
public sealed interface OwnerAnswer {
  /** That of the request. */
  long correlation();

  /** The stream was this system's at some moment after the question was sent. */
  record Confirmed(long correlation) implements OwnerAnswer {}

  /** All events are stored, and the stream was this system's. */
  record Appended(long correlation) implements OwnerAnswer {}

  /** Nothing is stored, and never will be: the events exceed a limit. */
  record Rejected(long correlation, Exception cause) implements OwnerAnswer {}

  /**
   * The stream is this system's, and this is where it stands.
   *
   * @param highestSequenceNr the highest sequence number ever stored; 0 for a new stream
   * @param deletedTo events up to here are deleted; 0 for none
   * @param properties what is kept with the stream; {@code null} for nothing
   */
  record State(
      long correlation, long highestSequenceNr, long deletedTo, @Nullable String properties)
      implements OwnerAnswer {}

  /**
   * Another writer has taken the stream, or nobody can tell: the actor must recover. A {@link
   * JournalException} says whether a change may have taken place.
   */
  record Failed(long correlation, Throwable cause) implements OwnerAnswer {}
}
