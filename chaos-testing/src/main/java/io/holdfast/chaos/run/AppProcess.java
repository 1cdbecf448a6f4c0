// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.chaos.app.AppMain;
import io.holdfast.chaos.app.Lines;
import io.holdfast.chaos.app.Reply;
import io.holdfast.chaos.app.Request;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** An application process. It ends with this one at the latest. Thread-safe. */
final class AppProcess {
  /** Hears of a consumer's deliveries, one at a time. */
  interface ConsumerListener {
    /** The next delivery comes when this has returned. */
    void delivered(Reply.Delivery delivery);

    /** Nothing more comes from this process. */
    void ended(String reason);
  }

  private final String name;
  private final Process process;
  private final PrintStream requests;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, CompletableFuture<Outcome>> pending = new ConcurrentHashMap<>();
  private final Map<String, ConsumerListener> consumers = new ConcurrentHashMap<>();
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final CompletableFuture<Void> joined = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile List<AppProcess> contacts = List.of();

  private AppProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Thread reader = new Thread(this::read, name + "-replies");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts one that belongs to no cluster yet.
   *
   * @param config its configuration as one line of JSON
   * @param log where its log goes
   */
  static AppProcess start(String name, String config, Path log) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dholdfast.chaos.driver-log=WARN",
            "-cp",
            System.getProperty("java.class.path"),
            AppMain.class.getName());
    try {
      AppProcess started =
          new AppProcess(
              name,
              new ProcessBuilder(command)
                  .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                  .start());
      started.requests.println(config);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  private CompletableFuture<String> address() {
    return address;
  }

  /** Completes when the process is of use; fails if it ends before. */
  CompletableFuture<Void> joined() {
    return joined;
  }

  /** Completes when the process has ended, and all that it has said is known. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  boolean isOfUse() {
    return joined.isDone() && !joined.isCompletedExceptionally() && !ended.isDone();
  }

  /** Whether it has begun, belongs to no cluster, and none of those that it was to join lives. */
  boolean hasNobodyToJoin() {
    return address.isDone()
        && !joined.isDone()
        && contacts.stream().allMatch(contact -> contact.ended().isDone());
  }

  /** Lets it join the cluster of these; of itself alone, a new one. */
  void join(List<AppProcess> members) {
    contacts = List.copyOf(members);
    send(new Request.Join(members.stream().map(member -> member.address().join()).toList()));
  }

  /** Moves the clock by which it stores to so much before the system's. */
  void shiftClock(long aheadMillis) {
    send(new Request.ShiftClock(aheadMillis));
  }

  /** Fails if the process ends before it has answered; never completes while it is frozen. */
  CompletableFuture<Outcome> perform(Operation operation) {
    long number = numbers.incrementAndGet();
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    pending.put(number, answer);
    send(new Request.Perform(number, operation));
    if (ended.isDone()) {
      answer.completeExceptionally(hasEnded());
    }
    return answer;
  }

  void follow(String consumer, String offset, ConsumerListener listener) {
    consumers.put(consumer, listener);
    send(new Request.Follow(consumer, offset));
    if (ended.isDone() && consumers.remove(consumer, listener)) {
      listener.ended("the process has ended");
    }
  }

  private void send(Request request) {
    String line = Lines.write(request);
    synchronized (requests) {
      requests.println(line);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        handle(Lines.read(line, Reply.class));
      }
    } catch (JsonProcessingException e) {
      // The last line of a process that was killed.
    } catch (IOException e) {
      // As good as the end.
    }
    end();
  }

  private void handle(Reply reply) {
    if (reply instanceof Reply.Listening listening) {
      address.complete(listening.address());
    } else if (reply instanceof Reply.Joined) {
      joined.complete(null);
    } else if (reply instanceof Reply.Performed performed) {
      CompletableFuture<Outcome> answer = pending.remove(performed.number());
      if (answer != null) {
        answer.complete(performed.outcome());
      }
    } else if (reply instanceof Reply.Delivery delivery) {
      ConsumerListener listener = consumers.get(delivery.consumer());
      if (listener != null) {
        listener.delivered(delivery);
        send(new Request.Delivered(delivery.consumer()));
      }
    } else if (reply instanceof Reply.FollowFailed failed) {
      ConsumerListener listener = consumers.remove(failed.consumer());
      if (listener != null) {
        listener.ended(failed.reason());
      }
    }
  }

  private void end() {
    ended.complete(null);
    address.completeExceptionally(hasEnded());
    joined.completeExceptionally(hasEnded());
    pending.values().forEach(answer -> answer.completeExceptionally(hasEnded()));
    for (String consumer : List.copyOf(consumers.keySet())) {
      ConsumerListener listener = consumers.remove(consumer);
      if (listener != null) {
        listener.ended("the process has ended");
      }
    }
  }

  private IllegalStateException hasEnded() {
    return new IllegalStateException("process " + name + " has ended");
  }

  /** Stops all its threads. */
  void freeze() {
    Signals.send("STOP", process.pid());
  }

  void resume() {
    Signals.send("CONT", process.pid());
  }

  /** Asks it to leave its cluster and to end. */
  void terminate() {
    process.destroy();
  }

  /** Ends it at once, a frozen one too. */
  void kill() {
    process.destroyForcibly();
  }
}
