// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import static io.holdfast.sample.demo.TestLogs.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {
  @TempDir private Path folder;

  @Test
  void helpsWithExamples() {
    TestConsole.Ended ended = TestConsole.run("--help");

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.output()).contains("Usage: ./demo", "--skip-broken-lines", "Examples:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--clients=0                      | --clients is 0; it must be 1 to 1000",
        "--nodes=10                       | --nodes is 10; it must be 1 to 9",
        "--events=some                    | 'some' is not an int",
        "--keyspace=Big                   | --keyspace 'Big' is not",
        "--contact-points=here            | --contact-points 'here' is not HOST:PORT",
        "--color                          | Unknown option",
        "log.ndjson --seed=2              | not for a FILE",
        "--contact-points=a:1 --data-folder=b | --data-folder is for the embedded Cassandra",
        "one two                          | Unmatched argument"
      })
  void refusesWrongUsage(String arguments, String message) {
    TestConsole.Ended ended = TestConsole.run(arguments.split(" "));

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output()).contains(message).contains("See ./demo --help.");
  }

  @Test
  void refusesALogWithoutEventsBeforeAnythingStarts() {
    TestConsole.Ended ended = TestConsole.run(TestLogs.plain(folder, "", "").toString());

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output()).contains("has no events").doesNotContain("Cassandra");
  }

  @Test
  void refusesABrokenLogBeforeAnythingStarts() {
    Path file = TestLogs.plain(folder, line("a", "1"), "{");

    TestConsole.Ended ended = TestConsole.run(file.toString());

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output())
        .contains(file + ":2: no JSON", "nothing was written", "--skip-broken-lines")
        .doesNotContain("Cassandra");
  }
}
