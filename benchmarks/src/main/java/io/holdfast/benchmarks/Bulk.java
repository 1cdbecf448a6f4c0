// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Requests that are to be done before anything is measured. */
final class Bulk {
  private static final int IN_FLIGHT = 32;
  private static final long ANSWER_SECONDS = 120;

  private Bulk() {}

  /** Sends the requests from 0 on, some at a time, in order; returns when all are answered. */
  static void send(int requests, IntFunction<CompletionStage<?>> request) throws Exception {
    Semaphore free = new Semaphore(IN_FLIGHT);
    AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    for (int i = 0; i < requests; i++) {
      acquire(free, 1, failed);
      request
          .apply(i)
          .whenComplete(
              (answer, failure) -> {
                failed.compareAndSet(null, failure);
                free.release();
              });
    }
    acquire(free, IN_FLIGHT, failed);
  }

  private static void acquire(
      Semaphore free, int permits, AtomicReference<@Nullable Throwable> failed)
      throws InterruptedException {
    boolean answered = free.tryAcquire(permits, ANSWER_SECONDS, TimeUnit.SECONDS);
    Throwable failure = failed.get();
    if (failure != null || !answered) {
      throw new IllegalStateException(
          failure != null ? "a request failed" : "no answer within " + ANSWER_SECONDS + " s",
          failure);
    }
  }
}
