// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The section {@code holdfast.query}, parsed and checked once. Its keys are explained in {@code
 * reference.conf}.
 *
 * @param path of the section, for messages
 */
record QuerySettings(
    String path,
    String writePlugin,
    Duration refreshInterval,
    Duration settleTimeout,
    int pageSize) {
  QuerySettings {
    requirePositive(path + ".refresh-interval", refreshInterval);
    requirePositive(path + ".settle-timeout", settleTimeout);
    if (pageSize < 1 || pageSize > 10_000) {
      throw new IllegalArgumentException(
          "%s.page-size = %,d: must be from 1 to 10,000".formatted(path, pageSize));
    }
  }

  static QuerySettings of(String path, Config config) {
    return new QuerySettings(
        path,
        config.getString("write-plugin"),
        config.getDuration("refresh-interval"),
        config.getDuration("settle-timeout"),
        config.getInt("page-size"));
  }

  private static void requirePositive(String path, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException("%s = %s: must be above zero".formatted(path, value));
    }
  }
}
