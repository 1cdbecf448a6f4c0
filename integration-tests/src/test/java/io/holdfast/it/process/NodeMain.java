// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.subscription.DurableSubscription;
import io.holdfast.feed.FeedOffset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  static final String DELIVERED = "delivered";
  static final String FAILED = "!";

  /** Ends a line of which a part would pass for another. */
  static final String COMPLETE = ".";

  static final String JOIN = "join";
  static final String APPEND = "append";
  static final String READ = "read";
  static final String HOSTED = "hosted";
  static final String LOAD = "load";
  static final String HALT = "halt";
  static final String FOLLOW = "follow";
  static final String HANDLE = "handle";
  static final String LEAVE = "leave";

  private final LocalNode node;
  private final PrintStream output;
  private final List<Appender> appenders = new ArrayList<>();
  private final Map<String, FeedFollower> followers = new HashMap<>();

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
      case FOLLOW -> follow(request[2], FeedOffset.parse(request[3])).thenApply(begun -> "");
      case HANDLE -> handle(request[2], Integer.parseInt(request[3])).thenApply(begun -> "");
      case LEAVE -> {
        node.system().terminate();
        yield CompletableFuture.completedFuture("");
      }
      default -> CompletableFuture.failedFuture(new IllegalArgumentException(request[1]));
    };
  }

  /** A reader of that name begins there, and ends where it was. */
  private CompletionStage<Void> follow(String reader, FeedOffset from) {
    FeedFollower former = followers.remove(reader);
    CompletionStage<Void> over =
        former == null ? CompletableFuture.completedFuture(null) : former.stop();
    return over.thenAccept(
        ended ->
            followers.put(
                reader,
                FeedFollower.start(
                    node, from, (delivery, after) -> report(reader, delivery, after))));
  }

  /** The instances of a durable subscription, as many of them as are this node's share. */
  private CompletionStage<?> handle(String subscription, int instances) {
    return DurableSubscription.named(subscription)
        .instances(instances)
        .start(
            node.system(),
            node.store(),
            item -> {
              report(subscription, FeedFollower.delivery(item), item.offset());
              return CompletableFuture.completedFuture(null);
            })
        .started();
  }

  private void report(String reader, Deliveries.Delivery delivery, FeedOffset after) {
    output.println(
        String.join(
            " ",
            DELIVERED,
            reader,
            delivery.streamId(),
            Long.toString(delivery.version()),
            delivery.eventId(),
            Long.toString(delivery.nanos()),
            after.toString(),
            COMPLETE));
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
