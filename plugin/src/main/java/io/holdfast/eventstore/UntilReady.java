// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.entity.Streams;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks whether streams are ready again and again, until they are or waiting is of no use. */
final class UntilReady {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Streams streams;
  private final long deadline;
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  private UntilReady(Streams streams, Duration timeout) {
    this.streams = streams;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  static CompletionStage<Void> ask(Streams streams, Duration timeout) {
    UntilReady asking = new UntilReady(streams, timeout);
    asking.look();
    CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .execute(asking::giveUp);
    return asking.result;
  }

  /** Nothing has said why, such as a Cassandra that is busy with its tables. */
  private void giveUp() {
    if (!result.isDone()) {
      result.completeExceptionally(
          new UnavailableException(
              "*",
              "the event store is not ready: Cassandra and the cluster have not answered within holdfast.event-store.append-timeout"));
    }
  }

  private void look() {
    streams.ready().whenComplete((done, failure) -> decide(failure));
  }

  private void decide(@Nullable Throwable failure) {
    if (failure == null) {
      result.complete(null);
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof IllegalStateException
        || streams.hasEnded()
        || System.nanoTime() + PAUSE.toNanos() - deadline >= 0) {
      result.completeExceptionally(
          new UnavailableException(
              "*", "the event store is not ready: " + cause.getMessage(), cause));
    } else {
      CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::look);
    }
  }
}
