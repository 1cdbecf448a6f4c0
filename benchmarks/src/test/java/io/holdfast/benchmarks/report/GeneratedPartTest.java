// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GeneratedPartTest {
  @Test
  void replacesWhatIsBetweenTheMarks() {
    String page = "above\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nbelow\n";
    String replaced = GeneratedPart.replaced(page, "new\n");

    assertThat(replaced)
        .isEqualTo("above\n<!-- figures: begin -->\nnew\n<!-- figures: end -->\nbelow\n");
    assertThat(GeneratedPart.replaced(replaced, "old\n")).isEqualTo(page);
  }

  @Test
  void refusesAPageWithoutMarks() {
    assertThatThrownBy(() -> GeneratedPart.replaced("<!-- figures: begin -->\n", "new\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("<!-- figures: end -->");
  }
}
