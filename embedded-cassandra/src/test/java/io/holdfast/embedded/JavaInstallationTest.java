// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaInstallationTest {

  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(strings = {"21.0.4", "25", "1.8.0_392"})
  void refusesAJavaThatCassandraDoesNotRunOn(String version) throws IOException {
    writeJava("exit 1");
    writeRelease(version);

    assertThatThrownBy(() -> EmbeddedCassandra.builder().javaHome(home).start())
        .isInstanceOfSatisfying(
            EmbeddedCassandraException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUITABLE_JAVA))
        .hasMessageContaining("Java " + version + " at " + home)
        .hasMessageContaining("17 or 11")
        .hasMessageContaining("-Dholdfast.cassandra.java-home")
        .hasMessageContaining("HOLDFAST_CASSANDRA_JAVA_HOME")
        .hasMessageContaining("javaHome(Path)");
  }

  @ParameterizedTest
  @CsvSource({"17.0.15, 17", "17, 17", "11.0.28, 11"})
  void acceptsTheJavasThatCassandraRunsOn(String version, int feature) throws IOException {
    writeJava("exit 1");
    writeRelease(version);
    assertThat(JavaInstallation.find(home)).isEqualTo(new JavaInstallation(home, feature));
  }

  @Test
  void asksTheJavaItselfIfThereIsNoReleaseFile() throws IOException {
    writeJava("echo 'openjdk version \"17.0.2\" 2022-01-18' >&2");
    assertThat(JavaInstallation.find(home).feature()).isEqualTo(17);
  }

  @Test
  void refusesAJavaThatDoesNotTellItsVersion() throws IOException {
    writeJava("exit 1");
    assertThatThrownBy(() -> JavaInstallation.find(home))
        .isInstanceOf(EmbeddedCassandraException.class)
        .hasMessageContaining("Cannot tell the version")
        .hasMessageContaining(home.toString());
  }

  @Test
  void refusesAFolderWithoutJava() {
    assertThatThrownBy(() -> JavaInstallation.find(home))
        .isInstanceOf(EmbeddedCassandraException.class)
        .hasMessageContaining("There is no Java at " + home);
  }

  @Test
  void propertyComesBeforeTheJavaThatRuns() {
    System.setProperty(JavaInstallation.PROPERTY, home.toString());
    try {
      assertThatThrownBy(() -> JavaInstallation.find(null))
          .hasMessageContaining(home.toString())
          .hasMessageContaining("system property");
    } finally {
      System.clearProperty(JavaInstallation.PROPERTY);
    }
  }

  private void writeRelease(String version) throws IOException {
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
  }

  private void writeJava(String script) throws IOException {
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }
}
