// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void medianIsTheMiddleOfWhatIsNotSorted() {
    assertThat(Statistics.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4);
    assertThat(Statistics.median(List.of(9.0, 1.0, 4.0, 6.0))).isEqualTo(5);
  }

  @Test
  void ratioIsTheMedianOfEachRoundsOwn() {
    // Round by round 2, 2 and 10; the medians' own ratio would be 1.
    assertThat(Statistics.ratio(List.of(2.0, 20.0, 100.0), List.of(1.0, 10.0, 10.0))).isEqualTo(2);
  }

  @Test
  void refusesRoundsThatDoNotBelongTogether() {
    assertThatThrownBy(() -> Statistics.ratio(List.of(1.0, 2.0), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 rounds");
    assertThatThrownBy(() -> Statistics.median(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
