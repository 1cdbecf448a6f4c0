// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import io.holdfast.feed.FeedFilter.SliceRange;
import io.holdfast.feed.FeedOffset;
import java.time.Duration;
import java.util.Optional;

/**
 * How an instance of a durable subscription does.
 *
 * @param instance its number, from 0
 * @param slices which slices' streams are its own
 * @param state what it said last, if that is not too long ago
 * @param offset the place that it has kept; it may have come further since
 * @param attempts how often in a row it has failed at what it is {@link State#RETRYING}, else 0
 * @param error what it failed with, if it is {@link State#RETRYING}
 * @param parkedEvents how many events it has parked
 * @param lag how far it is behind, counted from {@code offset}
 */
public record InstanceStatus(
    int instance,
    SliceRange slices,
    State state,
    FeedOffset offset,
    int attempts,
    Optional<String> error,
    long parkedEvents,
    Lag lag) {
  /** What an instance does. */
  public enum State {
    /** It handles events, or waits for more. */
    RUNNING,
    /** It rests until the subscription is resumed. */
    PAUSED,
    /** The handler, or reading the feed, has failed; it tries again. */
    RETRYING,
    /** It has ended in good order, to go on elsewhere or with the next start. */
    STOPPED,
    /** It has not been heard of: it never ran, or its node died or is cut off. */
    UNKNOWN
  }

  /**
   * What an instance has not handled.
   *
   * @param events how many events; parked ones are none of them
   * @param atLeast whether the count was ended there, at its bound or at an event that cannot be
   *     deserialized, and there may be more
   * @param time how long ago the first of them was recorded, by the clocks of the nodes; zero if
   *     there is none, or it cannot be deserialized
   */
  public record Lag(int events, boolean atLeast, Duration time) {}
}
