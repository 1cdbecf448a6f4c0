// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.eventstore.entity.Streams;
import io.holdfast.test.Patience;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class UntilReadyTest {
  private static final String PATH = "tenant2.event-store.append-timeout";

  /** Whose readiness is told in turn, and then no more. */
  private static Streams streams(List<CompletionStage<Void>> answers) {
    Queue<CompletionStage<Void>> left = new ArrayDeque<>(answers);
    return (Streams)
        Proxy.newProxyInstance(
            UntilReadyTest.class.getClassLoader(),
            new Class<?>[] {Streams.class},
            (streams, method, arguments) -> {
              if (method.getName().equals("hasEnded")) {
                return false;
              }
              assertThat(method.getName()).isEqualTo("ready");
              CompletionStage<Void> next = left.poll();
              return next == null ? new CompletableFuture<Void>() : next;
            });
  }

  private static CompletionStage<Void> ask(Duration timeout, List<CompletionStage<Void>> answers) {
    return UntilReady.ask(streams(answers), timeout, PATH);
  }

  private static CompletionStage<Void> notYet() {
    return failedFuture(new TimeoutException("not yet"));
  }

  @Test
  void asksAgainUntilTheyAre() throws Exception {
    Patience.get(ask(Patience.LIMIT, List.of(notYet(), notYet(), completedFuture(null))));
  }

  @Test
  void endsAtOnceWhereTimeChangesNothing() {
    assertThatThrownBy(
            () ->
                Patience.get(
                    ask(
                        Patience.LIMIT,
                        List.of(notYet(), failedFuture(new IllegalStateException("wrong"))))))
        .hasCauseInstanceOf(UnavailableException.class)
        .hasMessageContaining("wrong");
  }

  /** Also where the question after it is not answered. */
  @Test
  void saysAtTheEndWhyTheyWereNotReadyLast() {
    assertThatThrownBy(() -> Patience.get(ask(Duration.ofSeconds(1), List.of(notYet()))))
        .hasCauseInstanceOf(UnavailableException.class)
        .hasMessageContaining("not yet");
  }

  @Test
  void namesTheTimeoutWhereNothingWasAnswered() {
    assertThatThrownBy(() -> Patience.get(ask(Duration.ofMillis(1), List.of())))
        .hasCauseInstanceOf(UnavailableException.class)
        .hasMessageContaining(PATH);
  }
}
