// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FirstPageTest {
  private final FirstPage page = new FirstPage();

  @Test
  void isShortAtOnceWhereRowsAreLarge() {
    page.saw(1_000_000);
    assertThat(page.rows()).isEqualTo(4);
    page.saw(8 << 20);
    assertThat(page.rows()).isEqualTo(1);
  }

  @Test
  void becomesLongWhereRowsAreSmallForAWhile() {
    page.saw(1_000_000);
    for (int i = 0; i < 200; i++) {
      page.saw(300);
    }
    assertThat(page.rows()).isEqualTo(200);
  }

  @Test
  void countsRowsAsLargeUntilSomeWereRead() {
    assertThat(page.rows()).isEqualTo(50);
    assertThat(page.countedRow(1_000_000, 0)).isEqualTo(1_000_000);
    page.saw(300);
    assertThat(page.countedRow(1_000_000, 0)).isEqualTo(500_000);
    page.saw(3_000_000);
    assertThat(page.countedRow(1_000_000, 0)).isEqualTo(3_000_000);
  }

  @Test
  void countsRowsAfterSmallOnesAsHalfOfLargeAtLeast() {
    assertThat(page.countedRow(1_000_000, 300)).isEqualTo(500_000);
    assertThat(page.countedRow(1_000_000, 100_000)).isEqualTo(800_000);
    assertThat(page.countedRow(1_000_000, 200_000)).isEqualTo(1_000_000);
    page.saw(900_000);
    assertThat(page.countedRow(1_000_000, 300)).isEqualTo(1_000_000);
  }
}
