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
}
