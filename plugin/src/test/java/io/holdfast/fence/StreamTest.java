// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StreamTest {
  private final Stream stream = new Stream("a");
  private final List<String> started = new ArrayList<>();

  private CompletableFuture<String> enqueue(String name, CompletableFuture<String> operation) {
    return stream.enqueue(
        () -> {
          started.add(name);
          return operation;
        });
  }

  @Test
  void runsOneOperationAtATimeInTheOrderOfArrival() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletableFuture<String> firstAnswer = enqueue("first", first);
    CompletableFuture<String> secondAnswer = enqueue("second", second);
    assertThat(started).containsExactly("first");

    first.complete("1");
    assertThat(firstAnswer).isCompletedWithValue("1");
    assertThat(started).containsExactly("first", "second");
    assertThat(secondAnswer).isNotDone();
    second.complete("2");
    assertThat(secondAnswer).isCompletedWithValue("2");
  }

  @Test
  void goesOnAfterAnOperationThatFailed() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> firstAnswer = enqueue("first", first);
    CompletableFuture<String> secondAnswer =
        enqueue("second", CompletableFuture.completedFuture("2"));
    first.completeExceptionally(new IllegalStateException("planned"));
    assertThat(firstAnswer).isCompletedExceptionally();
    assertThat(secondAnswer).isCompletedWithValue("2");
  }

  @Test
  void goesOnAfterAnOperationThatThrew() {
    CompletableFuture<String> thrown =
        stream.enqueue(
            () -> {
              throw new IllegalStateException("planned");
            });
    assertThat(thrown).isCompletedExceptionally();
    assertThat(enqueue("second", CompletableFuture.completedFuture("2"))).isCompletedWithValue("2");
  }

  @Test
  void aNewStreamIsNotLost() {
    stream.becomeNew();
    assertThat(stream.isLost(stream.epoch)).isFalse();
    stream.become(5, 1, 0, null);
    assertThat(stream.isLost(5)).isFalse();
    stream.lose(5);
    assertThat(stream.isLost(5)).isTrue();
    assertThat(stream.isLost(7)).isFalse();
  }
}
