// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.settings.Section;
import java.time.Duration;

/**
 * The section {@code holdfast.feed}, parsed and checked once. Its keys are explained in {@code
 * reference.conf}.
 *
 * @param settleTimeoutPath where {@code settleTimeout} is set, for messages
 */
record FeedSettings(
    Duration pollInterval,
    Duration settleDelay,
    Duration settleTimeout,
    String settleTimeoutPath,
    int maxEventsAhead,
    int maxParallelReads) {
  static FeedSettings of(Section section) {
    return new FeedSettings(
        section.positiveTime("poll-interval"),
        section.positiveTime("settle-delay"),
        section.positiveTime("settle-timeout"),
        section.pathOf("settle-timeout"),
        section.integer("max-events-ahead", 1, 100_000),
        section.integer("max-parallel-reads", 1, 1_000));
  }
}
