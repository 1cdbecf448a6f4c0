// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.fence.FenceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OperationGateTest {
  private final OperationGate gate = new OperationGate();

  @Test
  void waitsForWhatIsUnderWay() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletionStage<String> passed = gate.pass(() -> first);
    gate.pass(() -> second);
    CompletableFuture<Void> closed = gate.close().toCompletableFuture();
    first.complete("done");
    assertThat(passed.toCompletableFuture()).isCompletedWithValue("done");
    assertThat(closed).isNotDone();
    second.completeExceptionally(new IllegalStateException());
    assertThat(closed).isCompleted();
  }

  @Test
  void refusesWhatComesLater() {
    assertThat(gate.close().toCompletableFuture()).isCompleted();
    AtomicBoolean begun = new AtomicBoolean();
    CompletableFuture<Object> refused =
        gate.pass(
                () -> {
                  begun.set(true);
                  return new CompletableFuture<>();
                })
            .toCompletableFuture();
    assertThat(begun).isFalse();
    assertThatThrownBy(refused::join)
        .cause()
        .isInstanceOfSatisfying(
            FenceException.class,
            failure -> assertThat(failure.effect()).isEqualTo(FenceException.Effect.NONE));
  }

  @Test
  void doesNotCountWhatDidNotBegin() {
    assertThatThrownBy(
            () ->
                gate.pass(
                    () -> {
                      throw new IllegalStateException("begins nothing");
                    }))
        .hasMessage("begins nothing");
    assertThat(gate.close().toCompletableFuture()).isCompleted();
  }
}
