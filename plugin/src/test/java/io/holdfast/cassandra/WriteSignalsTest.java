// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WriteSignalsTest {
  private final WriteSignals signals = new WriteSignals();

  @Test
  void wakesAllWhoWaitForTheStream() {
    CompletableFuture<Void> one = signals.next("a");
    CompletableFuture<Void> two = signals.next("a");
    CompletableFuture<Void> other = signals.next("b");
    signals.written("a");
    assertThat(one).isCompleted();
    assertThat(two).isCompleted();
    assertThat(other).isNotDone();
    assertThat(signals.next("a")).isNotDone();
  }

  @Test
  void forgetsThoseWhoDoNotWaitAnyLonger() {
    CompletableFuture<Void> one = signals.next("a");
    CompletableFuture<Void> two = signals.next("a");
    assertThat(one.complete(null)).isTrue();
    assertThat(two).isNotDone();
    assertThat(two.complete(null)).isTrue();
    assertThat(signals.isIdle()).isTrue();
    signals.written("a");
  }
}
