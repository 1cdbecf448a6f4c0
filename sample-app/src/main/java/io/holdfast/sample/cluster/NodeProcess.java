// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import io.holdfast.sample.DemoMain;
import io.holdfast.sample.common.DemoLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A node in a JVM of its own, which ends with this one. Thread-safe. */
public final class NodeProcess implements AutoCloseable {
  /** What a child prints before its HTTP address when it is up. */
  static final String READY = "ready ";

  private static final String HEAP = "-Xmx384m";
  private static final int KEPT_LINES = 20;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final String name;
  private final Process process;
  private final CompletableFuture<URI> ready = new CompletableFuture<>();
  private final Deque<String> lastLines = new ArrayDeque<>();

  private NodeProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts {@code ./demo node} with some arguments.
   *
   * @param name names its log file
   * @param environment to add; secrets do not belong into arguments, which everybody can see
   */
  static NodeProcess start(
      String name, List<String> arguments, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            HEAP,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dholdfast.demo.log=" + logFile(name),
            "-cp",
            System.getProperty("java.class.path"),
            DemoMain.class.getName(),
            "node",
            "--child"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      NodeProcess node = new NodeProcess(name, builder.start());
      node.readOutput();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException("node '%s' cannot be started".formatted(name), e);
    }
  }

  /** The log of a node, beside that of this process. */
  static Path logFile(String name) {
    Path own = DemoLog.file();
    String file = String.valueOf(own.getFileName()).replaceFirst("\\.log$", "");
    return own.resolveSibling("%s-%s.log".formatted(file, name));
  }

  private void readOutput() {
    Thread reader = new Thread(this::read, name + "-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        onLine(line);
      }
    } catch (IOException lost) {
      // As good as the end.
    }
    ready.completeExceptionally(
        new IllegalStateException(
            "node '%s' has ended; its log is %s. It said: %s"
                .formatted(name, logFile(name), String.join(" | ", lastLines))));
  }

  private void onLine(String line) {
    if (line.startsWith(READY)) {
      ready.complete(URI.create(line.substring(READY.length())));
    } else {
      lastLines.addLast(line);
      if (lastLines.size() > KEPT_LINES) {
        lastLines.removeFirst();
      }
    }
  }

  /** Where it serves HTTP, once it is a member of the cluster; fails if its process ends before. */
  public CompletableFuture<URI> ready() {
    return ready;
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes when the process has ended. */
  public CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /** Ends it as {@code kill -9} does, a stopped one too. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Asks it to leave the cluster and to end. */
  public void requestStop() {
    process.destroy();
  }

  /** Lets it leave the cluster and end, or kills it if that takes too long. */
  @Override
  public void close() {
    requestStop();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
