// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where the tests' Cassandra comes from. */
enum CassandraSource {
  /** A container where Docker answers and has the image, otherwise embedded. */
  AUTO,
  /** A container, or failure. */
  TESTCONTAINERS,
  /** A child JVM. */
  EMBEDDED;

  static final String PROPERTY = "holdfast.test.cassandra";

  /**
   * @throws IllegalArgumentException if there is no such source
   */
  static CassandraSource parse(String value) {
    return Arrays.stream(values())
        .filter(source -> source.toString().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    PROPERTY
                        + " = \""
                        + value
                        + "\" must be one of "
                        + Arrays.stream(values())
                            .map(CassandraSource::toString)
                            .collect(Collectors.joining(", "))));
  }

  /** The value of the property. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
