// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One client's view of one stream: it appends at the expected version, and repeats that until the
 * event is certainly there. One append at a time.
 */
final class MovingStream {
  private static final Executor A_LITTLE_LATER =
      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private final Subject subject = Subject.fresh(Subject.Kind.STREAM);
  private final List<String> acknowledged = new ArrayList<>();

  Subject subject() {
    return subject;
  }

  /**
   * Appends one event.
   *
   * @param nodes gives the node to ask, another one after each failure
   */
  CompletableFuture<Void> append(Supplier<Node> nodes) {
    return append(nodes, "event-" + (acknowledged.size() + 1));
  }

  private CompletableFuture<Void> append(Supplier<Node> nodes, String eventId) {
    return nodes
        .get()
        .append(subject, eventId, OptionalLong.of(acknowledged.size()))
        .toCompletableFuture()
        .thenCompose(
            answer ->
                switch (answer.outcome()) {
                  case APPENDED -> acknowledge(eventId, answer);
                  case UNKNOWN, UNAVAILABLE -> again(nodes, eventId);
                  // Nobody else writes here.
                  case CONFLICT, WRONG ->
                      CompletableFuture.failedFuture(
                          new AssertionError("%s: %s".formatted(subject, answer)));
                });
  }

  private CompletionStage<Void> again(Supplier<Node> nodes, String eventId) {
    return CompletableFuture.completedFuture(null)
        .thenComposeAsync(later -> append(nodes, eventId), A_LITTLE_LATER);
  }

  private CompletionStage<Void> acknowledge(String eventId, Answer answer) {
    assertThat(answer.version()).as("%s", subject).isEqualTo(acknowledged.size() + 1);
    acknowledged.add(eventId);
    return CompletableFuture.completedFuture(null);
  }

  void verify(List<String> history) {
    assertThat(history).as("%s", subject).isEqualTo(acknowledged);
  }
}
