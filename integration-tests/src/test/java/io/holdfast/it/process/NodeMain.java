// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.LoggerFactory;

/**
 * The main class of a node's own process. It does what lines on its standard input say, answers on
 * its standard output, logs to its standard error, and ends when its standard input does.
 *
 * <p>The first line is the configuration. Then each request is {@code number verb arguments…}, and
 * its answer {@code number text}, in any order. Lines that begin with a word instead of a number
 * are news that nobody asked for.
 */
public final class NodeMain {
  static final String UP = "up";
  static final String BEGUN = "begun";
  static final String ENDED = "ended";
  static final String TERMINATED = "terminated";
  static final String FAILED = "!";

  static final String JOIN = "join";
  static final String APPEND = "append";
  static final String READ = "read";
  static final String HOSTED = "hosted";
  static final String LOAD = "load";
  static final String HALT = "halt";

  private final LocalNode node;
  private final PrintStream output;
  private final List<Appender> appenders = new ArrayList<>();

  private NodeMain(LocalNode node, PrintStream output) {
    this.node = node;
    this.output = output;
  }

  /** Takes the node's name as its argument. */
  public static void main(String[] arguments) {
    PrintStream output = System.out;
    System.setOut(System.err); // for the log
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      LocalNode node = LocalNode.start(arguments[0], ConfigFactory.parseString(input.readLine()));
      new NodeMain(node, output).serve(input);
    } catch (IOException | RuntimeException e) {
      LoggerFactory.getLogger(NodeMain.class).error("node {} failed", arguments[0], e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private void serve(BufferedReader input) throws IOException {
    node.system().getWhenTerminated().whenComplete((done, failure) -> output.println(TERMINATED));
    output.println(UP + " " + node.address());
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] request = line.split(" ");
      execute(request)
          .whenComplete(
              (answer, failure) ->
                  output.println(
                      request[0] + " " + (failure == null ? answer : FAILED + " " + failure)));
    }
  }

  private CompletionStage<String> execute(String[] request) {
    return switch (request[1]) {
      case JOIN -> node.join(request[2]).thenApply(up -> "");
      case APPEND ->
          node.append(subject(request), request[4], version(request)).thenApply(Answer::encode);
      case READ -> node.history(subject(request)).thenApply(ids -> String.join(" ", ids));
      case HOSTED -> node.hosted().thenApply(ids -> String.join(" ", ids));
      case LOAD -> {
        appenders.add(Appender.start(node, subject(request), new Reporter(request[3])));
        yield CompletableFuture.completedFuture("");
      }
      case HALT -> {
        CompletableFuture<?>[] halted =
            appenders.stream().map(Appender::halt).toArray(CompletableFuture<?>[]::new);
        appenders.clear();
        yield CompletableFuture.allOf(halted).thenApply(all -> "");
      }
      default -> CompletableFuture.failedFuture(new IllegalArgumentException(request[1]));
    };
  }

  private static Subject subject(String[] request) {
    return new Subject(Subject.Kind.valueOf(request[2]), request[3]);
  }

  private static OptionalLong version(String[] request) {
    return request.length > 5 ? OptionalLong.of(Long.parseLong(request[5])) : OptionalLong.empty();
  }

  private final class Reporter implements Appender.Listener {
    private final String subjectId;

    Reporter(String subjectId) {
      this.subjectId = subjectId;
    }

    @Override
    public void begun(String eventId) {
      output.println(String.join(" ", BEGUN, subjectId, eventId));
    }

    @Override
    public void ended(String eventId, Answer answer) {
      output.println(String.join(" ", ENDED, subjectId, eventId, answer.encode()));
    }
  }
}
