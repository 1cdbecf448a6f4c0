// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.settings.Section;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuerySettingsTest {
  private static QuerySettings parse(String settings) {
    Config config = ConfigFactory.parseString(settings).withFallback(ConfigFactory.load());
    return QuerySettings.of(Section.of(config, "holdfast.query"));
  }

  @Test
  void hasDefaults() {
    assertThat(parse("").refreshInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(parse("").writePlugin()).isEqualTo("journal");
  }

  @ParameterizedTest
  @CsvSource({
    "refresh-interval = 0 s, holdfast.query.refresh-interval",
    "settle-timeout = -1 s, holdfast.query.settle-timeout",
    "page-size = 0, holdfast.query.page-size",
    "page-size = 10001, holdfast.query.page-size"
  })
  void refusesWhatIsOutOfRange(String setting, String path) {
    assertThatThrownBy(() -> parse("holdfast.query." + setting))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path)
        .hasMessageContaining("must be");
  }
}
