// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestSettingsTest {

  @Test
  void hasDefaults() {
    assertThat(settings(Map.of()))
        .isEqualTo(new TestSettings(CassandraSource.AUTO, "cassandra:5.0"));
  }

  @ParameterizedTest
  @CsvSource({"auto, AUTO", "testcontainers, TESTCONTAINERS", "embedded, EMBEDDED"})
  void knowsTheSources(String value, CassandraSource source) {
    assertThat(settings(Map.of("holdfast.test.cassandra", value)).source()).isEqualTo(source);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "", "Embedded", "${holdfast.test.cassandra}"})
  void refusesUnknownSourcesAndNamesTheKnown(String value) {
    assertThatThrownBy(() -> settings(Map.of("holdfast.test.cassandra", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "holdfast.test.cassandra = \"%s\" must be one of auto, testcontainers, embedded",
            value);
  }

  @Test
  void takesAnotherImage() {
    String image = "registry.example.com:5000/mirror/cassandra:5.0.9";
    assertThat(settings(Map.of("holdfast.test.cassandra.image", image)).image()).isEqualTo(image);
  }

  @Test
  void refusesAnEmptyImage() {
    assertThatThrownBy(() -> settings(Map.of("holdfast.test.cassandra.image", " ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("holdfast.test.cassandra.image is empty; name an image, such as cassandra:5.0");
  }

  private static TestSettings settings(Map<String, String> properties) {
    return TestSettings.from(name -> Optional.ofNullable(properties.get(name)));
  }
}
