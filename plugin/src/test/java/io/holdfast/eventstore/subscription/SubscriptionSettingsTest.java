// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.ConfigFactory;
import io.holdfast.settings.Section;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionSettingsTest {
  private static SubscriptionSettings with(String setting) {
    return SubscriptionSettings.of(
        Section.of(
            ConfigFactory.parseString("holdfast.subscription." + setting)
                .withFallback(ConfigFactory.load()),
            "holdfast.subscription"));
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    SubscriptionSettings settings = with("max-backoff = 1500 ms");
    assertThat(settings.backoff(1)).isEqualTo(Duration.ofMillis(200));
    assertThat(settings.backoff(2)).isEqualTo(Duration.ofMillis(400));
    assertThat(settings.backoff(3)).isEqualTo(Duration.ofMillis(800));
    assertThat(settings.backoff(4)).isEqualTo(Duration.ofMillis(1500));
    assertThat(settings.backoff(1_000_000)).isEqualTo(Duration.ofMillis(1500));
  }

  @ParameterizedTest
  @CsvSource({
    "checkpoint-events, 0",
    "checkpoint-interval, 0 s",
    "poll-interval, 0 s",
    "heartbeat-interval, -1 s",
    "max-attempts, 0",
    "max-attempts, 1001",
    "max-backoff, 100 ms"
  })
  void refusesValuesOutOfRange(String key, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(key + " = \"" + value + "\""))
        .withMessageContainingAll("holdfast.subscription." + key, "must be");
  }
}
