// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the user chose.
 *
 * @param source where Cassandra comes from
 * @param image the image of a container
 */
record TestSettings(CassandraSource source, String image) {

  static final String IMAGE_PROPERTY = "holdfast.test.cassandra.image";
  static final String DEFAULT_IMAGE = "cassandra:5.0";

  TestSettings {
    if (image.isBlank()) {
      throw new IllegalArgumentException(
          IMAGE_PROPERTY + " is empty; name an image, such as " + DEFAULT_IMAGE);
    }
  }

  /**
   * @param lookup a property's value by its name
   * @throws IllegalArgumentException if a value is invalid
   */
  static TestSettings from(Function<String, Optional<String>> lookup) {
    return new TestSettings(
        lookup
            .apply(CassandraSource.PROPERTY)
            .map(CassandraSource::parse)
            .orElse(CassandraSource.AUTO),
        lookup.apply(IMAGE_PROPERTY).orElse(DEFAULT_IMAGE));
  }

  /** From the parameters of a test plan, which may leave system properties out. */
  static TestSettings from(ExtensionContext context) {
    return from(name -> context.getConfigurationParameter(name).or(() -> systemProperty(name)));
  }

  static TestSettings fromSystemProperties() {
    return from(TestSettings::systemProperty);
  }

  private static Optional<String> systemProperty(String name) {
    return Optional.ofNullable(System.getProperty(name));
  }
}
