// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestClockTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private final TestClock clock = TestClock.at(NOON);

  @Test
  void standsStillUntilItIsMoved() {
    assertThat(clock.instant()).isEqualTo(NOON);
    assertThat(clock.millis()).isEqualTo(NOON.toEpochMilli());
    assertThat(clock.instant()).isEqualTo(NOON);
  }

  @Test
  void goesOnAndBack() {
    assertThat(clock.advance(Duration.ofMinutes(5))).isEqualTo(clock.instant());
    assertThat(clock.instant()).isEqualTo("2026-01-02T12:05:00Z");
    clock.advance(Duration.ofMinutes(-10));
    assertThat(clock.instant()).isEqualTo("2026-01-02T11:55:00Z");
    clock.set(NOON);
    assertThat(clock.instant()).isEqualTo(NOON);
  }

  @Test
  void losesNoStepOfManyThreads() {
    IntStream.range(0, 1000).parallel().forEach(i -> clock.advance(Duration.ofMillis(1)));
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(1));
  }
}
