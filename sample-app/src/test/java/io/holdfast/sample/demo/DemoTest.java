// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import static io.holdfast.sample.demo.TestLogs.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.CassandraExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, as the command line starts them, against a real Cassandra. */
class DemoTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  @TempDir private Path folder;

  private final String keyspace = CASSANDRA.newKeyspaceName();

  @Test
  void storesAGeneratedLogAndFindsItAgainInTheNextRun() {
    TestConsole.Ended first = run("--events=400", "--nodes=3");

    assertThat(first.exitCode()).as(first.output()).isZero();
    assertThat(first.output())
        .contains("400 events", "Verified    all ", "equal the log", "The five operations")
        .doesNotContain("WRONG", "Conflicts");

    TestConsole.Ended second = run("--events=400", "--nodes=2");

    assertThat(second.exitCode()).as(second.output()).isZero();
    assertThat(second.output())
        .contains(
            "Appended    nothing",
            "There       400 events before: imported earlier",
            "another --keyspace")
        .doesNotContain("Conflicts");
  }

  @Test
  void saysWhatDiffersFromAnEarlierLog() {
    String stored =
        TestLogs.plain(folder, line("a", "1"), line("b", "2"), line("b", "3")).toString();
    assertThat(run(stored, "--nodes=1").exitCode()).isZero();

    Path other = TestLogs.gzip(folder, line("b", "2"), line("b", "4"), line("c", "5"));
    TestConsole.Ended second = run(other.toString(), "--nodes=2");

    assertThat(second.exitCode()).as(second.output()).isEqualTo(1);
    assertThat(second.output())
        .contains(
            "Appended    1 event to 1 stream",
            "Conflicts   1 of 2 streams",
            "DIFFERENT   1 of 2 streams",
            "stream 'b': the id of event 2 is 3, in the log 4");
  }

  @Test
  void skipsBrokenLinesOnlyIfAskedTo() {
    String file = TestLogs.plain(folder, line("a", "1"), "broken", line("a", "2")).toString();

    TestConsole.Ended refused = run(file);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.output()).contains(file + ":2: no JSON", "nothing was written");
    assertThat(keyspaces()).doesNotContain(keyspace);

    TestConsole.Ended skipped = run(file, "--skip-broken-lines", "--nodes=1");

    assertThat(skipped.exitCode()).as(skipped.output()).isZero();
    assertThat(skipped.output()).contains(file + ":2: no JSON", "2 events in 1 stream");
    assertThat(keyspaces()).contains(keyspace);
  }

  private TestConsole.Ended run(String... arguments) {
    List<String> all = new ArrayList<>();
    Collections.addAll(all, arguments);
    all.add(
        "--contact-points=%s:%d"
            .formatted(
                CASSANDRA.contactPoint().getHostString(), CASSANDRA.contactPoint().getPort()));
    all.add("--local-datacenter=" + CASSANDRA.localDatacenter());
    all.add("--keyspace=" + keyspace);
    return TestConsole.run(all.toArray(String[]::new));
  }

  private static List<String> keyspaces() {
    return CASSANDRA
        .session()
        .execute("SELECT keyspace_name FROM system_schema.keyspaces")
        .map(row -> String.valueOf(row.getString("keyspace_name")))
        .all();
  }
}
