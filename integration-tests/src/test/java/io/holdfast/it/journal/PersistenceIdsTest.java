// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids of any content and length: kept as they are, or refused with nothing stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PersistenceIdsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      "holdfast { cassandra.partition-size = 2, journal.circuit-breaker.max-failures = 1000 }";
  private static final int MAX_BYTES = 32 << 10;

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private JournalSystem journal;

  @BeforeAll
  void start() {
    journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS);
  }

  @AfterAll
  void stop() {
    journal.close();
  }

  /** Some differ by little. */
  private static List<String> ids() {
    return List.of(
        "a",
        "A",
        " a",
        "a ",
        " ",
        "a'b\"c;--",
        "a|b$c/d%e?f",
        "line\nbreak\ttab\0nul",
        "\u00e9",
        "e\u0301",
        "\u4e2d\u6587",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "\ud83d\ude00",
        "\ud83d\ude01",
        "\ufffd",
        "\uffff",
        "x".repeat(10_000),
        "x".repeat(9_999) + "y",
        "\u4e2d".repeat(10_000),
        "z".repeat(MAX_BYTES),
        "z".repeat(MAX_BYTES - 1) + "y");
  }

  /** Cassandra would take some, as others. */
  private static List<String> refusedIds() {
    return List.of(
        "",
        "a\ud800",
        "\udc00a",
        "\ude00\ud83d",
        "\ud83d\ud83d\ude00",
        "z".repeat(MAX_BYTES + 1),
        "\u4e2d".repeat(MAX_BYTES / 3 + 1),
        "z".repeat(100_000));
  }

  @Test
  void keepsIdsOfAnyContentApart() {
    List<String> ids = ids();
    for (int i = 0; i < ids.size(); i++) {
      journal.store(ids.get(i), 1, "first of " + i, "second of " + i);
      journal.store(ids.get(i), 3, "third of " + i);
    }
    try (JournalSystem second = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      for (int i = 0; i < ids.size(); i++) {
        assertThat(second.replay(ids.get(i)).texts())
            .containsExactly("first of " + i, "second of " + i, "third of " + i);
        second.deleteTo(ids.get(i), 2);
        second.store(ids.get(i), 4, "fourth of " + i);
      }
      for (int i = 0; i < ids.size(); i++) {
        assertThat(second.replay(ids.get(i)).texts())
            .containsExactly("third of " + i, "fourth of " + i);
      }
    }
  }

  /** The driver would make a question mark of half a surrogate pair. */
  @Test
  void storesNothingUnderTheNameOfAnother() {
    journal.store("b?", 1, "1");
    journal.write(JournalSystem.atomic("b\ud800", 1, "other"));
    journal.deletionFailure("b\udc00", 1);
    assertThat(journal.replay("b?").texts()).containsExactly("1");
  }

  @ParameterizedTest
  @MethodSource("refusedIds")
  void refusesWhatCannotBeKept(String id) {
    Written written =
        journal.write(JournalSystem.atomic(id, 1, "a"), JournalSystem.atomic(id, 2, "b"));
    assertThat(written.rejected()).containsOnlyKeys(1L, 2L);
    List<Throwable> failures = new ArrayList<>(written.rejected().values());
    failures.add(journal.recoveryFailure(id));
    failures.add(journal.deletionFailure(id, 1));
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("persistence id"));
  }
}
