// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import io.holdfast.settings.Section;
import java.time.Duration;

/**
 * The section {@code holdfast.subscription}, parsed and checked once. Its keys are explained in
 * {@code reference.conf}.
 */
record SubscriptionSettings(
    int checkpointEvents,
    Duration checkpointInterval,
    Duration pollInterval,
    Duration heartbeatInterval,
    int maxAttempts,
    Duration minBackoff,
    Duration maxBackoff) {
  static SubscriptionSettings of(Section section) {
    Duration min = section.positiveTime("min-backoff");
    Duration max = section.positiveTime("max-backoff");
    if (max.compareTo(min) < 0) {
      throw section.refused(
          "max-backoff",
          section.text("max-backoff"),
          "at least %s, %s".formatted(section.pathOf("min-backoff"), section.text("min-backoff")));
    }
    return new SubscriptionSettings(
        section.integer("checkpoint-events", 1, 100_000),
        section.positiveTime("checkpoint-interval"),
        section.positiveTime("poll-interval"),
        section.positiveTime("heartbeat-interval"),
        section.integer("max-attempts", 1, 1_000),
        min,
        max);
  }

  /**
   * The pause after failures in a row.
   *
   * @param failures how many, from 1
   */
  Duration backoff(int failures) {
    long doubled = minBackoff.toMillis() << Math.min(failures - 1, 20);
    return doubled > maxBackoff.toMillis() ? maxBackoff : Duration.ofMillis(doubled);
  }
}
