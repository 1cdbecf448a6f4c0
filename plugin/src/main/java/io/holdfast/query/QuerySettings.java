// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import io.holdfast.settings.Section;
import java.time.Duration;

/**
 * The section {@code holdfast.query}, parsed and checked once. Its keys are explained in {@code
 * reference.conf}.
 *
 * @param settleTimeoutPath where {@code settleTimeout} is set, for messages
 */
record QuerySettings(
    String writePlugin,
    Duration refreshInterval,
    Duration settleTimeout,
    String settleTimeoutPath,
    int pageSize) {
  static QuerySettings of(Section section) {
    return new QuerySettings(
        section.text("write-plugin"),
        section.positiveTime("refresh-interval"),
        section.positiveTime("settle-timeout"),
        section.pathOf("settle-timeout"),
        section.integer("page-size", 1, 10_000));
  }
}
