// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Waiting for stages on the main thread, and pausing without a thread. */
public final class Stages {
  private Stages() {}

  /**
   * Waits for a stage, and rethrows its failure unwrapped.
   *
   * @throws TimeoutException if it is not complete in time
   */
  public static <T> T await(CompletionStage<T> stage, Duration timeout)
      throws TimeoutException, InterruptedException {
    try {
      return stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = unwrap(e);
      if (cause instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(String.valueOf(cause.getMessage()), cause);
    }
  }

  /**
   * Waits for a stage as long as it gets on.
   *
   * @param progress grows while it does
   * @param patience how long it may stand still
   * @throws TimeoutException if it does not get on any more
   */
  public static <T> T await(CompletionStage<T> stage, LongSupplier progress, Duration patience)
      throws TimeoutException, InterruptedException {
    while (true) {
      long before = progress.getAsLong();
      try {
        return await(stage, patience);
      } catch (TimeoutException e) {
        if (progress.getAsLong() == before) {
          throw new TimeoutException(
              "nothing has happened for %d s".formatted(patience.toSeconds()));
        }
      }
    }
  }

  /** Completes after a pause. */
  public static CompletionStage<Void> pause(long millis) {
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
  }

  /** The failure itself, without the exceptions that futures put around it. */
  public static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wrapper =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapper && cause != null ? unwrap(cause) : failure;
  }
}
