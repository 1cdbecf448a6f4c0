// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.test.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A node ends with the JVM that started it, however that one ends. */
class ParentDeathTest {

  @TempDir private Path folder;
  private final List<ProcessHandle> started = new ArrayList<>();

  @AfterEach
  void leaveNothingBehind() {
    started.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void runningAndPausedNodesDieWithAKilledParent() throws Exception {
    Process parent = startParent(true, "127.0.0.31", "127.0.0.32");
    List<ProcessHandle> nodes = awaitNodes(parent);
    assertThat(nodes).hasSize(2).allMatch(ProcessHandle::isAlive);
    new ProcessBuilder("/bin/sh", "-c", "kill -STOP " + nodes.get(1).pid()).start().waitFor();

    parent.destroyForcibly();

    await().untilAsserted(() -> assertThat(nodes).noneMatch(ParentDeathTest::lives));
  }

  @Test
  void nodeDiesWithAParentThatReturnsFromMain() throws Exception {
    Process parent = startParent(false, "127.0.0.33");
    List<ProcessHandle> nodes = awaitNodes(parent);

    assertThat(parent.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    await().untilAsserted(() -> assertThat(nodes).noneMatch(ParentDeathTest::lives));
    assertThat(temporaryFolder()).isEmptyDirectory();
  }

  private Process startParent(boolean waits, String... addresses) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(temporaryFolder()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ParentMain.class.getName());
    command.addAll(List.of(folder.resolve("pids").toString(), Boolean.toString(waits)));
    command.addAll(List.of(addresses));
    Process parent =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    started.add(parent.toHandle());
    return parent;
  }

  private Path temporaryFolder() {
    return folder.resolve("temporary");
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private List<ProcessHandle> awaitNodes(Process parent) throws IOException {
    Path pids = folder.resolve("pids");
    await()
        .failFast(
            () ->
                assertThat(parent.isAlive() || Files.exists(pids))
                    .withFailMessage(() -> "The parent failed: " + output())
                    .isTrue())
        .until(() -> Files.exists(pids));
    List<ProcessHandle> nodes =
        Files.readAllLines(pids).stream()
            .map(line -> ProcessHandle.of(Long.parseLong(line)))
            .flatMap(Optional::stream)
            .toList();
    started.addAll(nodes);
    return nodes;
  }

  /** An orphan that nobody waits for stays a zombie where process 1 does not reap. */
  private static boolean lives(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    try {
      return !Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z ");
    } catch (IOException noSuchProcessOrSystem) {
      return process.isAlive();
    }
  }
}
