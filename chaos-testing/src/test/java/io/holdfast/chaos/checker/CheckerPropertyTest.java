// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.history.HistoryRecord;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Histories of a model that keeps its promises raise no alarm; each thing that it would never do,
 * done to them, does. {@code -Dholdfast.test.histories=10000} for more.
 */
class CheckerPropertyTest {
  private static final int HISTORIES = Integer.getInteger("holdfast.test.histories", 40);
  private static final int MUTATED = 5;

  static Report check(List<HistoryRecord> records) {
    HistoryLoader loader = new HistoryLoader();
    for (int i = 1; i < records.size(); i++) {
      loader.add(records.get(i), "record " + i);
    }
    return Checker.check(loader.end((HistoryRecord.Header) records.get(0), false));
  }

  private static String text(Violation violation) {
    return "%s in %s: %s%n  %s"
        .formatted(
            violation.kind(),
            violation.stream(),
            violation.text(),
            violation.evidence().stream()
                .map(one -> "%s [%d, %d] %s".formatted(one.who(), one.from(), one.to(), one.text()))
                .collect(Collectors.joining("\n  ")));
  }

  private static List<String> violations(Report report) {
    return report.violations().stream().map(CheckerPropertyTest::text).toList();
  }

  @Test
  void isSilentOnHistoriesOfAModelThatKeepsItsPromises() {
    for (long seed = 1; seed <= HISTORIES; seed++) {
      assertThat(violations(check(ModelHistory.make(seed, 400, false))))
          .as("seed %d", seed)
          .isEmpty();
      assertThat(violations(check(ModelHistory.make(seed, 400, true))))
          .as("seed %d, with deletions", seed)
          .isEmpty();
    }
  }

  @Test
  void isSilentOnAHistoryThatIsCutOffAnywhere() {
    for (long seed = 1; seed <= 4; seed++) {
      List<HistoryRecord> records = ModelHistory.make(seed, 200, true);
      for (int length = 20; length < records.size(); length += 11) {
        assertThat(violations(check(records.subList(0, length))))
            .as("seed %d, %d records", seed, length)
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void finds(Mutation mutation) {
    int changed = 0;
    for (long seed = 1; seed <= 400 && changed < MUTATED; seed++) {
      HistoryEdit history = new HistoryEdit(ModelHistory.make(seed, 150, false), new Random(seed));
      if (mutation.change(history)) {
        changed++;
        Report report = check(history.records);
        Set<ViolationKind> found =
            report.violations().stream().map(Violation::kind).collect(Collectors.toSet());
        assertThat(mutation.isFoundAs(found)).as("seed %d: %s", seed, violations(report)).isTrue();
      }
    }
    assertThat(changed).as("histories in which there was something to change").isEqualTo(MUTATED);
  }
}
