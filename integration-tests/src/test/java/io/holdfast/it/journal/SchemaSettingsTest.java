// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.shaded.guava.common.collect.ImmutableMap;
import com.typesafe.config.Config;
import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.it.TestConfig;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.loader.launch.PropertiesLauncher;
import scala.jdk.javaapi.FutureConverters;

class SchemaSettingsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private final String keyspace = CASSANDRA.newKeyspaceName();

  private JournalSystem start(String settings) {
    return JournalSystem.start(CASSANDRA, keyspace, settings);
  }

  @Test
  void refusesAnotherPartitionSize() {
    try (JournalSystem journal = start("holdfast.cassandra.partition-size = 10")) {
      journal.store("a", 1, "1");
    }
    try (JournalSystem journal = start("holdfast.cassandra.partition-size = 20")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContaining("partition-size 10")
          .hasMessageContaining("partition-size is 20")
          .hasMessageContaining(keyspace);
      assertThat(journal.write(JournalSystem.atomic("a", 2, "2")).failure())
          .hasMessageContaining("partition-size 10");
    }
    try (JournalSystem journal = start("holdfast.cassandra.partition-size = 10")) {
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
  }

  /** Small flushes are not compacted with all before them, unless somebody has chosen so. */
  @Test
  void compactsBySizeWhatOnlyGrows() {
    try (JournalSystem journal = start("")) {
      journal.store("a", 1, "1");
    }
    assertThat(minSstableSize("events")).isEqualTo("1048576");
    assertThat(minSstableSize("commit_log")).isEqualTo("1048576");

    CASSANDRA
        .session()
        .execute(
            "ALTER TABLE %s.events WITH compaction = {'class': 'SizeTieredCompactionStrategy', 'min_sstable_size': '2097152'}"
                .formatted(keyspace));
    try (JournalSystem journal = start("")) {
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
    assertThat(minSstableSize("events")).isEqualTo("2097152");
  }

  private @Nullable String minSstableSize(String table) {
    return CASSANDRA
        .session()
        .execute(
            "SELECT compaction FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?",
            keyspace,
            table)
        .one()
        .getMap(0, String.class, String.class)
        .get("min_sstable_size");
  }

  @Test
  void refusesTablesOfAnotherVersionOrNone() {
    try (JournalSystem journal = start("")) {
      journal.store("a", 1, "1");
    }
    assertThat(storedVersion()).isEqualTo("3");
    setVersion("4");
    CASSANDRA.session().execute("DROP TABLE %s.snapshot_chunks".formatted(keyspace));
    try (JournalSystem journal = start("")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContainingAll("schema version 4", "versions 1 to 3", keyspace);
    }
    // What is missing there is not ours to create.
    assertThat(tables()).doesNotContain("snapshot_chunks").hasSize(10);
    setVersion("3");
    try (JournalSystem journal = start("")) {
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
    assertThat(tables()).hasSize(11);

    CASSANDRA
        .session()
        .execute("DELETE FROM %s.settings WHERE name = 'schema-version'".formatted(keyspace));
    try (JournalSystem journal = start("holdfast.cassandra.schema.create = off")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContainingAll(
              keyspace, "holdfast.cassandra.schema.create = on", "schema-version");
    }
    try (JournalSystem journal = start("")) {
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
    assertThat(storedVersion()).isEqualTo("3");
  }

  @Test
  void bringsTheTablesOfVersionTwoToVersionThree() {
    try (JournalSystem journal = start("")) {
      journal.replay("nobody");
    }
    setVersion("2");
    try (JournalSystem journal = start("holdfast.cassandra.schema.create = off")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContaining("UPDATE %s.settings SET value = '3'".formatted(keyspace));
    }
    assertThat(storedVersion()).isEqualTo("2");
    try (JournalSystem journal = start("")) {
      journal.store("a", 1, "1");
    }
    assertThat(storedVersion()).isEqualTo("3");
  }

  @Test
  void bringsTheTablesOfVersionOneToVersionThree() {
    try (JournalSystem journal = start("")) {
      journal.replay("nobody");
    }
    CASSANDRA.session().execute("ALTER TABLE %s.events DROP header".formatted(keyspace));
    setVersion("1");
    try (JournalSystem journal = start("holdfast.cassandra.schema.create = off")) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContainingAll(
              "ALTER TABLE %s.events ADD IF NOT EXISTS header blob".formatted(keyspace),
              "UPDATE %s.settings SET value = '3'".formatted(keyspace));
    }
    assertThat(storedVersion()).isEqualTo("1");
    try (JournalSystem journal = start("")) {
      journal.store("a", 1, "1");
      assertThat(journal.replay("a").texts()).containsExactly("1");
    }
    assertThat(storedVersion()).isEqualTo("3");
  }

  private void setVersion(String version) {
    CASSANDRA
        .session()
        .execute(
            "UPDATE %s.settings SET value = '%s' WHERE name = 'schema-version'"
                .formatted(keyspace, version));
  }

  private @Nullable String storedVersion() {
    Row row =
        CASSANDRA
            .session()
            .execute(
                "SELECT value FROM %s.settings WHERE name = 'schema-version'".formatted(keyspace))
            .one();
    return row == null ? null : row.getString(0);
  }

  private List<String> tables() {
    return CASSANDRA
        .session()
        .execute(
            "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '%s'"
                .formatted(keyspace))
        .map(row -> row.getString(0))
        .all();
  }

  @ParameterizedTest
  @CsvSource({
    "consistency, one",
    "consistency, all",
    "partition-size, 0",
    "partition-size, 10000001",
    "keyspace, Upper",
    "connect.timeout, 0 s",
    "connect.retry-interval, -1 s"
  })
  void refusesValuesOutOfRange(String key, String value) throws Exception {
    String path = "holdfast.cassandra." + key;
    ActorSystem system =
        ActorSystem.create(
            "refused", TestConfig.journal(CASSANDRA, keyspace, path + " = \"" + value + "\""));
    try {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new CassandraStorage(system))
          .withMessageContaining(path)
          .withMessageContaining("must be");
    } finally {
      Patience.get(FutureConverters.asJava(system.terminate()));
    }
  }

  @Test
  void worksWithTablesThatThePrintedScriptMade() throws Exception {
    String settings =
        """
        holdfast.cassandra {
          partition-size = 12345
          schema.create = off
        }
        """;
    try (JournalSystem journal = start(settings)) {
      assertThat(journal.recoveryFailure("a"))
          .hasMessageContaining(keyspace)
          .hasMessageContaining("holdfast.cassandra.schema.create")
          .hasMessageContaining("io.holdfast.cassandra.PrintSchema");
    }
    assertThat(
            CASSANDRA
                .session()
                .execute(
                    "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = '%s'"
                        .formatted(keyspace))
                .one())
        .isNull();
    for (String statement : printedSchema().split(";", -1)) {
      if (!statement.isBlank()) {
        CASSANDRA.session().execute(statement.strip());
      }
    }
    try (JournalSystem journal = start(settings)) {
      journal.store("a", 1, "1", "2");
      assertThat(journal.replay("a").texts()).containsExactly("1", "2");
    }
  }

  @Test
  void printsTheSchemaFromAnExecutableJarOfSpringBoot(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("application.jar");
    ExecutableJar.write(
        jar,
        PropertiesLauncher.class,
        List.of(CassandraStorage.class, Config.class, CqlSession.class, ImmutableMap.class));
    String launcher = PropertiesLauncher.class.getName();
    assertThat(
            printedSchema(
                "-Dloader.main=io.holdfast.cassandra.PrintSchema", "-cp", jar.toString(), launcher))
        .isEqualTo(printedSchema());
  }

  /** Runs {@code PrintSchema} as its users do. */
  private String printedSchema() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return printedSchema("-cp", classPath, "io.holdfast.cassandra.PrintSchema");
  }

  private String printedSchema(String... program) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx64m");
    command.add("-Dholdfast.cassandra.keyspace=" + keyspace);
    command.add("-Dholdfast.cassandra.partition-size=12345");
    command.addAll(List.of(program));
    File output = File.createTempFile("schema", ".cql");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      return Files.readString(output.toPath());
    } finally {
      Files.delete(output.toPath());
    }
  }
}
