// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The process of one {@link Variant}. It takes commands from its standard input, a line of JSON
 * each, and ends with it, so that it does not outlive {@link WorkerProcess}.
 */
public final class WorkerMain {
  /**
   * What to start.
   *
   * @param keyspace of its tables, where it has some
   */
  record Start(Variant variant, Contact cassandra, String keyspace) {}

  private final Subject subject;

  private WorkerMain(Subject subject) {
    this.subject = subject;
  }

  /** Serves until the standard input ends. */
  public static void main(String[] arguments) throws Exception {
    BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(commands), "commands");
    reader.setDaemon(true);
    reader.start();
    ObjectMapper json = new ObjectMapper();
    Start start = json.readValue(arguments[0], Start.class);
    WorkerMain worker = new WorkerMain(start.variant().start(start.cassandra(), start.keyspace()));
    while (true) {
      Object answer = worker.answer(json.readValue(commands.take(), Command.class));
      System.out.println(json.writeValueAsString(answer));
    }
  }

  private static void read(BlockingQueue<String> commands) {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        commands.add(line);
      }
    } catch (IOException e) {
      System.err.println("The process cannot read its commands: " + e);
    }
    // Whatever is going on: nobody is there to be told.
    Runtime.getRuntime().exit(0);
  }

  private Object answer(Command command) {
    try {
      if (command instanceof Command.Prepare prepare) {
        subject.prepare(prepare.load());
        return Map.of();
      } else if (command instanceof Command.Measure measure) {
        return subject.measure(measure.load(), measure.window());
      } else if (command instanceof Command.Deliver deliver) {
        return subject.taggedJournal().deliver(deliver.backgroundWriters(), deliver.window());
      } else if (command instanceof Command.Write write) {
        subject.taggedJournal().write(write.events(), write.batchEvents());
        return Map.of();
      } else {
        return subject.taggedJournal().catchUp(((Command.CatchUp) command).events());
      }
    } catch (Exception e) {
      return Map.of("failure", e.toString());
    }
  }
}
