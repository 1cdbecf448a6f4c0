// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.page;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A headless Chromium that the machine has. It keeps its profile in a folder that is deleted with
 * the test, and is spoken to by {@link DevTools}: no driver whose version would have to match.
 */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final Process process;
  private final URI address;

  private Chromium(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** The program, if one is on the {@code PATH}. */
  static Optional<Path> find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Chromium start(Path program, Path folder) throws IOException {
    Path output = folder.resolve("chromium.log");
    Path profile = folder.resolve("profile");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                // Containers run the build as root, and without the kernel's name spaces.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--lang=en-GB",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    // Chromium writes port and path there when it listens.
    Path port = profile.resolve("DevToolsActivePort");
    try {
      Awaitility.await("Chromium listens: " + output)
          .failFast("Chromium ended: " + output, () -> !process.isAlive())
          .until(() -> Files.exists(port) && Files.readAllLines(port).size() >= 2);
      List<String> lines = Files.readAllLines(port);
      return new Chromium(process, URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Speaks to this browser. */
  DevTools connect() {
    return DevTools.connect(address);
  }

  /** Ends it, with the processes that it has started, before its folder is deleted. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while Chromium ends", e));
    }
    children.forEach(ProcessHandle::destroyForcibly);
    Awaitility.await("Chromium's processes end")
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }
}
