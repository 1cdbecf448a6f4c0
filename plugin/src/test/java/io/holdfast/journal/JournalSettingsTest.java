// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.fence.WriterSettings;
import io.holdfast.settings.Section;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalSettingsTest {
  private static JournalSettings settings(String overrides, int partitionSize) {
    Config config =
        ConfigFactory.parseString(overrides)
            .withFallback(ConfigFactory.load().getConfig("holdfast.journal"));
    return JournalSettings.of(Section.at(config, "holdfast.journal"), partitionSize);
  }

  @Test
  void takesTheDefaults() {
    assertThat(settings("", 100_000))
        .isEqualTo(
            new JournalSettings(
                new WriterSettings(true, 2, 1, 10_000, 100_000),
                8 << 20,
                500,
                Duration.ofMillis(33_750)));
  }

  @Test
  void boundsBatchesByTheSizeOfAPartition() {
    assertThat(settings("", 3).maxBatchSize()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "max-batch-size, 0",
    "max-batch-bytes, 1023",
    "max-batch-bytes, 17 MiB",
    "max-overlapping-fence-reads, 0",
    "max-overlapping-fence-reads, 101",
    "max-remembered-streams, -1",
    "replay-page-size, 0",
    "replay-page-size, 10001"
  })
  void refusesValuesOutOfRange(String key, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(key + " = " + value, 100))
        .withMessageContaining("holdfast.journal." + key)
        .withMessageContaining("must be from");
  }
}
