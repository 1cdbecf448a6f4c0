// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets operations in until it is closed, and tells when the last of them has ended. Thread-safe.
 */
final class OperationGate {
  private final CompletableFuture<Void> empty = new CompletableFuture<>();
  private long underWay;
  private boolean closed;

  /** Begins an operation; once closed, fails with effect {@code NONE} instead. */
  <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> operation) {
    if (!enter()) {
      return CompletableFuture.failedFuture(
          new FenceException("this actor system is shutting down", Effect.NONE));
    }
    CompletionStage<T> stage;
    try {
      stage = operation.get();
    } catch (RuntimeException e) {
      leave();
      throw e;
    }
    return stage.whenComplete((result, failure) -> leave());
  }

  /** Lets no more in. Completes when all that were let in have ended. */
  CompletableFuture<Void> close() {
    synchronized (this) {
      closed = true;
    }
    completeIfEmpty();
    return empty;
  }

  private synchronized boolean enter() {
    if (!closed) {
      underWay++;
    }
    return !closed;
  }

  private void leave() {
    synchronized (this) {
      underWay--;
    }
    completeIfEmpty();
  }

  private void completeIfEmpty() {
    boolean none;
    synchronized (this) {
      none = closed && underWay == 0;
    }
    if (none) {
      empty.complete(null);
    }
  }
}
