// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The peer, pekko-persistence-cassandra, in a process of its own with {@link PeerMain}: commands
 * are lines that it is sent, each answered with a line of JSON. Not thread-safe.
 */
final class PeerProcess implements TaggedJournal, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(20);
  private static final long END_SECONDS = 20;

  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;

  private PeerProcess(Process process) {
    this.process = process;
    commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it, with as much memory as this JVM. */
  static PeerProcess start(Contact cassandra, String keyspace) throws IOException {
    Path self = self();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("-Xm[sx].*|-XX:\\+Use.*GC"))
        .forEach(command::add);
    command.add("-cp");
    command.add(self + File.pathSeparator + self.resolveSibling("peer-lib") + "/*");
    command.add(PeerMain.class.getName());
    command.addAll(
        List.of(
            cassandra.host(),
            Integer.toString(cassandra.port()),
            cassandra.datacenter(),
            keyspace));
    return new PeerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The jar of this class, beside which its build has put the peer's libraries. */
  private static Path self() {
    try {
      return Path.of(PeerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where the benchmarks' jar is, cannot be told", e);
    }
  }

  @Override
  public Delivery.Result deliver(int backgroundWriters, Duration window) throws Exception {
    return json.treeToValue(
        ask("deliver", backgroundWriters, window.toSeconds()), Delivery.Result.class);
  }

  @Override
  public void write(int events, int batchEvents) throws Exception {
    ask("write", events, batchEvents);
  }

  @Override
  public double catchUp(int events) throws Exception {
    return ask("catch-up", events).get("perSecond").asDouble();
  }

  private JsonNode ask(String command, Number... arguments) throws Exception {
    StringBuilder line = new StringBuilder(command);
    for (Number argument : arguments) {
      line.append(' ').append(argument);
    }
    commands.println(line);
    String answer =
        CompletableFuture.supplyAsync(this::readLine).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    if (answer == null) {
      throw new IllegalStateException("the peer's process ended at '%s'".formatted(line));
    }
    JsonNode parsed = json.readTree(answer);
    if (parsed.has("failure")) {
      throw new IllegalStateException(
          "the peer failed at '%s': %s".formatted(line, parsed.get("failure").asText()));
    }
    return parsed;
  }

  private @Nullable String readLine() {
    try {
      return answers.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    commands.close();
    try {
      if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
