// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamReply;
import java.time.Duration;
import java.time.Instant;

/**
 * When storage is to let go of events that a stream's metadata does not keep: when the stream wakes
 * up, and in use from time to time, since each deletion costs as much as a few writes. Not
 * thread-safe.
 */
final class Retention {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** So many events above {@code maxCount} do not wait for the interval. */
  private static final long MAX_EXCESS = 100;

  private Instant next = Instant.MIN;
  private Instant nextAfterFailure = Instant.MIN;

  /** Whether there may be something to delete. */
  boolean isDue(StreamReply.Info info, Instant now) {
    if (!info.exists() || now.isBefore(nextAfterFailure)) {
      return false;
    }
    long excess = deletableTo(info) - info.deletedTo();
    boolean any = excess > 0 || info.metadata().maxAge().isPresent();
    return excess >= MAX_EXCESS || (any && !now.isBefore(next));
  }

  /** Now is looked whether there is. */
  void look(Instant now) {
    next = now.plus(INTERVAL);
  }

  /** There is more than could be looked at. */
  void goOn() {
    next = Instant.MIN;
  }

  /** What there was could not be deleted. */
  void fail(Instant now) {
    nextAfterFailure = now.plus(INTERVAL);
  }

  /** Up to where {@code maxCount} does not keep the events. */
  static long deletableTo(StreamReply.Info info) {
    return KeptEvents.firstVersion(info) - 1;
  }
}
