// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

/** What came of one attempt to append an event. */
sealed interface Answer {
  /**
   * It is stored.
   *
   * @param repeated whether an earlier attempt had stored it
   */
  record Acknowledged(long version, boolean repeated) implements Answer {}

  /** The stream was at another version than the expected one. Nothing is stored. */
  record Conflict(long actualVersion) implements Answer {}

  /** Nothing is stored; later it may succeed. */
  record Unavailable() implements Answer {}

  /** It may be stored, or not: a time-out, or a connection that broke. */
  record Unknown() implements Answer {}

  /** An answer that must not come; the run fails. */
  record Unexpected(String what) implements Answer {}
}
