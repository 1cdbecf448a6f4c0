// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import io.holdfast.embedded.child.NodeMain;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The operating-system process of a node. Thread-safe. */
final class NodeProcess {

  /** All that a node gets of our environment: nothing that would change how its JVM runs. */
  private static final Set<String> INHERITED =
      Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ");

  /**
   * The one thread that forks nodes. Linux kills a node when the thread that forked it ends, so
   * this must be a thread that never ends, whichever thread asks for a node.
   */
  private static final ExecutorService FORKER =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "holdfast-cassandra-forker");
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
          });

  private final Process process;
  private volatile boolean endRequested;

  private NodeProcess(Process process) {
    this.process = process;
  }

  static NodeProcess start(List<String> command, Path workingDirectory, Path output) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(workingDirectory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().retainAll(INHERITED);
    Future<Process> forked = FORKER.submit(builder::start);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          NodeProcess node = new NodeProcess(forked.get());
          if (interrupted) {
            node.kill();
            throw new EmbeddedCassandraException(
                Reason.INTERRUPTED, "Interrupted while starting a node");
          }
          return node;
        } catch (InterruptedException e) {
          interrupted = true; // The fork takes place all the same, and its outcome must be known.
        }
      }
    } catch (ExecutionException e) {
      throw new EmbeddedCassandraException(
          Reason.UNSUITABLE_JAVA, "Cannot run " + command.get(0) + ": " + e.getCause(), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit status; the process must have ended. */
  int exitStatus() {
    return process.exitValue();
  }

  /** Calls with the exit status once the process has ended, unless it was asked to. */
  void onDeath(IntConsumer report) {
    CompletableFuture<Void> unused =
        process
            .onExit()
            .thenAccept(
                ended -> {
                  if (!endRequested) {
                    report.accept(ended.exitValue());
                  }
                });
  }

  /** Asks the node to drain and to end; returns at once. */
  void requestStop() {
    endRequested = true;
    try {
      OutputStream input = process.getOutputStream();
      input.write((NodeMain.STOP + "\n").getBytes(StandardCharsets.US_ASCII));
      input.flush();
    } catch (IOException ended) {
      // Nobody reads any more: the node has ended.
    }
  }

  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  /** Kills the node as kill -9 does, paused or not, and waits until it is gone. */
  void kill() {
    endRequested = true;
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true; // A killed process goes at once; nobody waits long for it.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  boolean awaitExit(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The shell has kill built in, where a small system may lack the program. */
  private void signal(String name) {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid())
              .redirectErrorStream(true)
              .start();
      String output =
          new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (shell.waitFor() != 0) {
        throw new EmbeddedCassandraException(
            Reason.WRONG_STATE, "Cannot send SIG" + name + " to the node: " + output);
      }
    } catch (IOException e) {
      throw new EmbeddedCassandraException(
          Reason.WRONG_STATE, "Cannot send SIG" + name + ": this needs /bin/sh", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedCassandraException(
          Reason.INTERRUPTED, "Interrupted while sending SIG" + name, e);
    }
  }
}
