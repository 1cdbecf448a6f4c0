// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Stops a process and lets it go on. */
record ProcessSignals(long pid) {

  /** Returns when no thread of the process runs any more. */
  void stop() {
    send("STOP");
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    if (Files.isDirectory(threads)) {
      await().until(() -> states(threads).allMatch(state -> state == 'T'));
    }
  }

  void goOn() {
    send("CONT");
  }

  private static Stream<Character> states(Path threads) throws IOException {
    try (Stream<Path> folders = Files.list(threads)) {
      List<Path> all = folders.toList();
      return all.stream().map(ProcessSignals::state);
    }
  }

  /** The first letter after the name, which stands in parentheses. */
  private static char state(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send(String signal) {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", "kill -%s %d".formatted(signal, pid))
              .redirectErrorStream(true)
              .start();
      String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (shell.waitFor() != 0) {
        throw new IllegalStateException("SIG%s to %d: %s".formatted(signal, pid, output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
