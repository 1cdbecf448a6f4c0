// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.holdfast.feed.FeedOffset;
import io.holdfast.test.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node in a JVM of its own, which ends with this one at the latest. Its log goes to ours, each
 * line with its name before it.
 */
final class NodeProcess implements Node, AutoCloseable {
  private final String name;
  private final Process process;
  private final ProcessSignals signals;
  private final PrintStream requests;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, CompletableFuture<String>> pending = new ConcurrentHashMap<>();
  private final Map<String, Chronicle> chronicles = new ConcurrentHashMap<>();
  private final Map<String, Deliveries> readers = new ConcurrentHashMap<>();
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private NodeProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.signals = new ProcessSignals(process.pid());
    this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    read("answers", process.inputReader(StandardCharsets.UTF_8), this::onLine, this::onEnd);
    read(
        "log",
        process.errorReader(StandardCharsets.UTF_8),
        line -> System.out.println("[" + name + "] " + line),
        () -> {});
  }

  /** Starts a node that belongs to no cluster yet, and waits until it listens. */
  static NodeProcess start(String name, Config config) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            NodeMain.class.getName(),
            name);
    try {
      NodeProcess node = new NodeProcess(name, new ProcessBuilder(command).start());
      node.requests.println(config.root().render(ConfigRenderOptions.concise()));
      node.address();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface LineConsumer {
    void accept(String line);
  }

  private void read(String what, BufferedReader lines, LineConsumer consumer, Runnable atTheEnd) {
    Thread thread =
        new Thread(
            () -> {
              try (lines) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  consumer.accept(line);
                }
              } catch (IOException broken) {
                // As good as the end.
              } finally {
                atTheEnd.run();
              }
            },
            name + "-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  private void onLine(String line) {
    String[] parts = line.split(" ", 4);
    switch (parts[0]) {
      case NodeMain.UP -> address.complete(parts[1]);
      case NodeMain.TERMINATED -> terminated.complete(null);
      case NodeMain.DELIVERED -> delivered(line.split(" "));
      case NodeMain.BEGUN -> chronicle(parts[1]).begun(name, parts[2]);
      case NodeMain.ENDED -> chronicle(parts[1]).ended(name, parts[2], Answer.decode(parts[3]));
      default -> {
        CompletableFuture<String> answer = pending.remove(parts[0]);
        String text = line.substring(parts[0].length() + 1);
        if (answer == null) {
          throw new IllegalStateException("nobody asked for: " + line);
        } else if (text.startsWith(NodeMain.FAILED)) {
          answer.completeExceptionally(new IllegalStateException(text));
        } else {
          answer.complete(text);
        }
      }
    }
  }

  private void delivered(String[] parts) {
    Deliveries reader = readers.get(parts[1]);
    if (reader != null && parts[parts.length - 1].equals(NodeMain.COMPLETE)) {
      reader.add(
          new Deliveries.Delivery(
              parts[2], Long.parseLong(parts[3]), parts[4], Long.parseLong(parts[5])),
          FeedOffset.parse(parts[6]));
    }
  }

  private Chronicle chronicle(String subjectId) {
    Chronicle chronicle = chronicles.get(subjectId);
    if (chronicle == null) {
      throw new IllegalStateException("no load runs on " + subjectId);
    }
    return chronicle;
  }

  private void onEnd() {
    ended.complete(null);
    IllegalStateException end = new IllegalStateException("node " + name + " has ended");
    address.completeExceptionally(end);
    terminated.complete(null);
    pending.values().forEach(answer -> answer.completeExceptionally(end));
  }

  private CompletionStage<String> request(String... words) {
    String number = Long.toString(numbers.incrementAndGet());
    CompletableFuture<String> answer = new CompletableFuture<>();
    pending.put(number, answer);
    requests.println(number + " " + String.join(" ", words));
    if (ended.isDone()) {
      answer.completeExceptionally(new IllegalStateException("node " + name + " has ended"));
    }
    return answer;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String address() {
    try {
      return Patience.get(address);
    } catch (Exception e) {
      close();
      throw new IllegalStateException("node " + name + " did not start", e);
    }
  }

  @Override
  public CompletionStage<Void> join(String contact) {
    return request(NodeMain.JOIN, contact).thenAccept(up -> {});
  }

  @Override
  public CompletionStage<Answer> append(
      Subject subject, String eventId, OptionalLong expectedVersion) {
    String version = expectedVersion.isPresent() ? Long.toString(expectedVersion.getAsLong()) : "";
    return request(NodeMain.APPEND, subject.encode(), eventId, version)
        .thenApply(Answer::decode)
        .exceptionally(failure -> Answer.unknown(failure.toString()));
  }

  @Override
  public CompletionStage<List<String>> history(Subject subject) {
    return request(NodeMain.READ, subject.encode()).thenApply(NodeProcess::words);
  }

  @Override
  public CompletionStage<List<String>> hosted() {
    return request(NodeMain.HOSTED).thenApply(NodeProcess::words);
  }

  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : List.of(line.split(" "));
  }

  /** Lets a client in the process append without end. */
  CompletionStage<Void> load(Chronicle chronicle) {
    Subject subject = chronicle.subject();
    chronicles.put(subject.id(), chronicle);
    return request(NodeMain.LOAD, subject.encode()).thenAccept(started -> {});
  }

  /** Ends all load; completes when each client has its last answer. */
  CompletionStage<Void> halt() {
    return request(NodeMain.HALT).thenAccept(halted -> {});
  }

  /** Lets a reader of the feed in the process go on where those deliveries end, or once more. */
  CompletionStage<Void> follow(Deliveries deliveries) {
    readers.put(deliveries.name(), deliveries);
    return request(NodeMain.FOLLOW, deliveries.name(), deliveries.offset().toString())
        .thenAccept(begun -> {});
  }

  /** Lets the process take part in a durable subscription of that name. */
  CompletionStage<Void> handle(Deliveries deliveries, int instances) {
    readers.put(deliveries.name(), deliveries);
    return request(NodeMain.HANDLE, deliveries.name(), Integer.toString(instances))
        .thenAccept(begun -> {});
  }

  /** Ends the actor system in good order. */
  CompletionStage<Void> leave() {
    return request(NodeMain.LEAVE).thenCompose(left -> terminated);
  }

  /** Completes when the actor system has ended, by whatever cause. */
  CompletionStage<Void> terminated() {
    return terminated;
  }

  /** Stops the process in the middle of whatever it does. */
  void pause() {
    signals.stop();
  }

  void resume() {
    signals.goOn();
  }

  /** Ends the process at once, a stopped one too. */
  void kill() {
    process.destroyForcibly();
  }

  /** Kills it, and returns when all that it has said is known. */
  @Override
  public void close() {
    kill();
    try {
      Patience.get(ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " does not end", e);
    }
  }
}
