// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

/**
 * Bugs that the search must find. Each is planted where the protocol meets its surroundings, so
 * that the code under search is the code that production runs.
 */
enum Fault {
  NONE,
  /** The previous owner is never told. */
  NO_REVOCATION,
  /** A writer that takes a stream from itself tells nobody. */
  NO_REVOCATION_OF_ONESELF,
  /** The previous owner is told after the claim's conditional update. */
  REVOCATION_AFTER_TAKING,
  /** Writes are acknowledged without a look at the inbox. */
  NO_FENCE_READ,
  /** A batch is acknowledged by a fence read that began before its rows were stored. */
  STALE_FENCE_READ,
  /** A writer that recovers its stream believes its memory, without a look at the inbox. */
  MEMORY_TRUSTED,
  /** A claim does not clear what the previous owner has on the wire. */
  NO_CLEARING,
  /** A claim does not repeat the clearing of the epoch before. */
  NO_REPEATED_CLEARING,
  /** A claimer does not look whether the last batch is whole. */
  TAIL_TAKEN_FOR_WHOLE,
  /** The tail and its batch are read without their content. */
  TAIL_READ_IN_PART,
  /**
   * Nothing but the last row that is there tells where a batch ends, and the read of an epoch
   * repairs one row.
   */
  EPOCH_READ_REPAIRS_ONE_ROW,
  /** A batch is read in two pages, and taken for whole after the first. */
  BATCH_READ_IN_TWO_PAGES,
  /** A row without content is taken for one that had none. */
  FILLER_TOLD_BY_ABSENCE,
  /** A claimer does not end a deletion that its predecessor recorded. */
  DELETION_NOT_ENDED,
  /** A writer that repeats a deletion believes that the first one came to its end. */
  REPEATED_DELETION_SKIPPED,
  /** A claimer does not notice that the owner has deleted events meanwhile. */
  CLAIM_MISSES_DELETION,
  /** A writer goes on in its epoch after a write of unknown outcome. */
  EPOCH_KEPT_IN_DOUBT,
  /** A request that got no answer is said not to have been sent. */
  NO_ANSWER_TAKEN_FOR_NOT_SENT,
  /** A reader without the actor trusts what it read first. */
  READER_WITHOUT_CHECK,
  /** A reader without the actor does not look at the owner's inbox. */
  READER_WITHOUT_REVOCATIONS,
  /** A reader without the actor looks at the owner's inbox last. */
  READER_CHECKS_INBOX_LAST,
  /** A reader without the actor does not look whether the last batch is whole. */
  READER_TAKES_TAIL_FOR_WHOLE,
  /** A reader without the actor takes all rows after the head for the present owner's. */
  READER_TRUSTS_LATE_ROWS,
  /** A writer removes a revocation as soon as it has read it. */
  REVOCATION_REMOVED_AT_ONCE,
  /** Nobody notices that time has passed, and revocations expired. */
  CLOCKS_STAND_STILL,
  /** A claim does not say how far a reader must have come elsewhere. */
  NO_DEPENDENCIES,
  /** A claim depends on the previous owner's log, and not on the one that proves the tail. */
  NO_DEPENDENCY_ON_PROVER,
  /**
   * A claim of a stream whose events are all deleted depends on no log, nor does it end the
   * deletion: either is enough.
   */
  NO_DEPENDENCY_ON_DELETED,
  /** A claim logs nothing again. */
  NO_ADOPTION,
  /** A claim logs the last batch again, and none before it. */
  TAIL_ADOPTED_ALONE,
  /** A log does not say what was not acknowledged. */
  VOID_NOT_PUBLISHED,
  /** A reader of the logs takes the last row before it is final. */
  DELIVERY_BEFORE_FINAL
}
