// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import com.typesafe.config.Config;
import io.holdfast.settings.Section;
import java.time.Duration;

/**
 * The section {@code holdfast.health-check}. Its keys are explained in {@code reference.conf}.
 *
 * @param timeout how long a read may take
 * @param tolerance how long the last read that was answered counts
 */
record HealthCheckSettings(Duration timeout, Duration tolerance) {
  static HealthCheckSettings of(Config root) {
    Section section = Section.of(root, "holdfast.health-check");
    return new HealthCheckSettings(section.positiveTime("timeout"), section.time("tolerance"));
  }
}
