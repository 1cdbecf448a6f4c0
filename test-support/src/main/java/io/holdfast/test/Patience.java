// SPDX-License-Identifier: Apache-2.0
package io.holdfast.test;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one limit of all waiting in tests. Only a failure uses it up, so it is long: a test that
 * passes does not depend on how fast the machine is. Awaitility's conditions have the same limit.
 */
public final class Patience {
  /** How long a test waits for what must come. */
  public static final Duration LIMIT =
      Duration.ofSeconds(Long.getLong("holdfast.test.patience-seconds", 300));

  private Patience() {}

  /** The result of a stage. */
  public static <T> T get(CompletionStage<T> stage)
      throws ExecutionException, TimeoutException, InterruptedException {
    return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** The next element of a queue. */
  public static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within " + LIMIT);
    }
    return next;
  }
}
