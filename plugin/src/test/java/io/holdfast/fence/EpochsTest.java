// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EpochsTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456789Z");
  private static final long NOON_MICROS = 1_767_355_200_123_456L;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final Epochs epochs = new Epochs(now::get);

  @Test
  void countsMicrosecondsSince1970() {
    assertThat(epochs.next(0)).isEqualTo(NOON_MICROS);
  }

  @Test
  void followsTheClockWhereItIsAhead() {
    assertThat(epochs.next(NOON_MICROS - 2)).isEqualTo(NOON_MICROS);
    now.set(NOON.plusMillis(1));
    assertThat(epochs.next(NOON_MICROS)).isEqualTo(NOON_MICROS + 1_000);
  }

  @Test
  void goesTwoAheadWhereTheClockStandsStill() {
    assertThat(epochs.next(NOON_MICROS - 1)).isEqualTo(NOON_MICROS + 1);
    assertThat(epochs.next(NOON_MICROS)).isEqualTo(NOON_MICROS + 2);
  }

  @Test
  void growsThoughTheClockGoesBackwards() {
    long first = epochs.next(0);
    now.set(NOON.minusSeconds(86_400));
    long second = epochs.next(first);
    long third = epochs.next(second);
    assertThat(second).isEqualTo(first + 2);
    assertThat(third).isEqualTo(second + 2);
  }
}
