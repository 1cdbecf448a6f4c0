// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.entity.Streams;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks whether streams are ready again and again, until they are or waiting is of no use. */
final class UntilReady {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Streams streams;
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  /** Why they were not ready when asked last. */
  private volatile @Nullable Throwable reason;

  private UntilReady(Streams streams) {
    this.streams = streams;
  }

  /**
   * @param timeoutPath the path of the setting that the timeout is
   */
  static CompletionStage<Void> ask(Streams streams, Duration timeout, String timeoutPath) {
    UntilReady asking = new UntilReady(streams);
    asking.look();
    CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> asking.giveUp(timeoutPath));
    return asking.result;
  }

  private void giveUp(String timeoutPath) {
    Throwable last = reason;
    // Nothing may have said why, such as a Cassandra that is busy with its tables.
    result.completeExceptionally(
        last == null
            ? notReady("Cassandra and the cluster have not answered within " + timeoutPath, null)
            : notReady(String.valueOf(last.getMessage()), last));
  }

  private void look() {
    if (!result.isDone()) {
      streams.ready().whenComplete((done, failure) -> decide(failure));
    }
  }

  private void decide(@Nullable Throwable failure) {
    if (failure == null) {
      result.complete(null);
      return;
    }
    Throwable cause = StreamEventStore.unwrap(failure);
    if (cause instanceof IllegalStateException || streams.hasEnded()) {
      result.completeExceptionally(notReady(String.valueOf(cause.getMessage()), cause));
    } else {
      reason = cause;
      CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::look);
    }
  }

  private static UnavailableException notReady(String why, @Nullable Throwable cause) {
    return new UnavailableException("*", "the event store is not ready: " + why, cause);
  }
}
