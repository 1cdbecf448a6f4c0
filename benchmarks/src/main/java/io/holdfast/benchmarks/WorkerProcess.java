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
 * A {@link Variant} in a process of its own with {@link WorkerMain}: commands are lines of JSON
 * that it is sent, each answered with another. Not thread-safe.
 */
final class WorkerProcess implements Subject, TaggedJournal {
  private static final Duration TIMEOUT = Duration.ofMinutes(20);
  private static final long END_SECONDS = 20;

  private final ObjectMapper json = new ObjectMapper();
  private final Variant variant;
  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;

  private WorkerProcess(Variant variant, Process process) {
    this.variant = variant;
    this.process = process;
    commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts one, with as much memory as this JVM. */
  static WorkerProcess start(Variant variant, Contact cassandra, String keyspace)
      throws IOException {
    return start(variant, cassandra, keyspace, List.of());
  }

  /**
   * Starts one.
   *
   * @param jvmOptions beside those of memory, which are this JVM's; in each, {@code %v} stands for
   *     the variant
   */
  static WorkerProcess start(
      Variant variant, Contact cassandra, String keyspace, List<String> jvmOptions)
      throws IOException {
    Path self = self();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("-Xm[sx].*|-XX:\\+Use.*GC"))
        .forEach(command::add);
    jvmOptions.forEach(option -> command.add(option.replace("%v", variant.toString())));
    command.add("-cp");
    command.add(
        self
            + File.pathSeparator
            + self.resolveSibling(variant.libraries())
            + File.separator
            + "*");
    command.add(WorkerMain.class.getName());
    command.add(
        new ObjectMapper().writeValueAsString(new WorkerMain.Start(variant, cassandra, keyspace)));
    return new WorkerProcess(
        variant,
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The jar of this class, beside which its build has put the libraries. */
  private static Path self() {
    try {
      return Path.of(
          WorkerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where the benchmarks' jar is, cannot be told", e);
    }
  }

  @Override
  public void prepare(Load load) throws Exception {
    ask(new Command.Prepare(load));
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    return json.treeToValue(ask(new Command.Measure(load, window.toMillis())), Figures.class);
  }

  @Override
  public TaggedJournal taggedJournal() {
    return this;
  }

  @Override
  public Delivery.Result deliver(int backgroundWriters, Duration window) throws Exception {
    return json.treeToValue(
        ask(new Command.Deliver(backgroundWriters, window.toMillis())), Delivery.Result.class);
  }

  @Override
  public void write(int events, int batchEvents) throws Exception {
    ask(new Command.Write(events, batchEvents));
  }

  @Override
  public double catchUp(int events) throws Exception {
    return ask(new Command.CatchUp(events)).asDouble();
  }

  private JsonNode ask(Command command) throws Exception {
    // As of its supertype: so the line says which command it is.
    String line = json.writerFor(Command.class).writeValueAsString(command);
    commands.println(line);
    String answer =
        CompletableFuture.supplyAsync(this::readLine).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    if (answer == null) {
      throw new IllegalStateException("the process of %s ended at '%s'".formatted(variant, line));
    }
    JsonNode parsed = json.readTree(answer);
    if (parsed.has("failure")) {
      throw new IllegalStateException(
          "%s failed at '%s': %s".formatted(variant, line, parsed.get("failure").asText()));
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
