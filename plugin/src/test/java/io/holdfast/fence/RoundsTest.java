// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final List<List<Integer>> begun = new ArrayList<>();
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private final Rounds<Integer> rounds = new Rounds<>(2, 1_000, this::begin);

  private CompletionStage<Void> begin(List<Integer> entries) {
    begun.add(List.copyOf(entries));
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  private void join(int from, int to) {
    IntStream.rangeClosed(from, to).forEach(rounds::join);
  }

  @Test
  void aLoneEntryGoesAtOnceAndThoseThatComeMeanwhileGoTogether() {
    join(1, 4);
    assertThat(begun).containsExactly(List.of(1));
    answers.get(0).complete(null);
    assertThat(begun).containsExactly(List.of(1), List.of(2, 3, 4));
  }

  @Test
  void aRoundBeginsBesideAnotherOnceManyWaitForIt() {
    join(1, 50);
    assertThat(begun).hasSize(1);
    join(51, 51);
    assertThat(begun).hasSize(2);
    assertThat(begun.get(1)).hasSize(50);
    join(52, 200);
    assertThat(begun).hasSize(2);
    answers.get(1).complete(null);
    assertThat(begun).hasSize(3);
  }

  @Test
  void entriesOfABurstGoTogether() {
    Burst.run(
        () -> {
          join(1, 3);
          assertThat(begun).isEmpty();
          Burst.run(() -> join(4, 5));
          assertThat(begun).isEmpty();
        });
    assertThat(begun).containsExactly(List.of(1, 2, 3, 4, 5));
  }

  @Test
  void aBurstThatFailsBeginsWhatItLeft() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Burst.run(
                    () -> {
                      join(1, 1);
                      throw new IllegalStateException("planted");
                    }));
    assertThat(begun).containsExactly(List.of(1));
    answers.get(0).complete(null);
    join(2, 2);
    assertThat(begun).hasSize(2);
  }
}
