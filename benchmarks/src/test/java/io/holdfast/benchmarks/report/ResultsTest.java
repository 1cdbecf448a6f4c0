// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path folder = Path.of("");

  @Test
  void readsWhatItHasWritten() throws Exception {
    Path file = folder.resolve("new").resolve("results.json");
    Results written = results("one", 10, 30);
    written.writeJson(file, Map.of("rounds", 2));

    assertThat(Results.readJson(List.of(file)).scenarios()).isEqualTo(written.scenarios());
  }

  @Test
  void takesTheLastFilesFiguresOfAScenario() throws Exception {
    Path first = folder.resolve("first.json");
    Path second = folder.resolve("second.json");
    results("one", 1, 2, 3).writeJson(first, Map.of());
    results("one", 5).writeJson(second, Map.of());

    assertThat(Results.readJson(List.of(first, second)).scenarios())
        .isEqualTo(results("one", 5).scenarios());
  }

  @Test
  void blocksHaveMediansAndRatiosOfTheFirst() {
    Results results = results("one", 10, 30, 20);
    for (double value : List.of(5.0, 10.0, 10.0)) {
      results.add("one", "events/s", "peer", value);
    }

    assertThat(Tables.blocks(results).lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
        .containsExactly("one|events/s", "holdfast|20.0", "peer|10.0", "holdfast : peer|2.00", "");
    assertThat(Tables.markdown(results.scenarios().getOrDefault("one", Map.of())))
        .isEqualTo(
            """
            | | events/s |
            |---|---:|
            | holdfast | 20.0 |
            | peer | 10.0 |
            | holdfast : peer | 2.00 |
            """);
  }

  @Test
  void aFigureThatAVariantLacksLeavesItsCellEmpty() {
    Results results = results("one", 10);
    results.add("one", "server µs/event", "holdfast", 7);
    results.add("one", "events/s", "memory", 40);

    assertThat(Tables.markdown(results.scenarios().getOrDefault("one", Map.of())))
        .contains("| memory | 40.0 |  |", "| holdfast : memory | 0.25 |  |");
  }

  private static Results results(String scenario, double... rates) {
    Results results = new Results();
    for (double rate : rates) {
      results.add(scenario, "events/s", "holdfast", rate);
    }
    return results;
  }
}
