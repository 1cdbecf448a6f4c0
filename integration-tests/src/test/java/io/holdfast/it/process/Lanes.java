// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Does something asynchronous with each of many things, a bounded number at a time. */
final class Lanes<T> {
  private final Iterator<T> rest;
  private final Function<T, ? extends CompletionStage<?>> task;

  private Lanes(Iterator<T> all, Function<T, ? extends CompletionStage<?>> task) {
    this.rest = all;
    this.task = task;
  }

  /** Completes when all is done, and fails as soon as something has failed in each lane. */
  static <T> CompletableFuture<Void> run(
      int lanes, List<T> all, Function<T, ? extends CompletionStage<?>> task) {
    Lanes<T> shared = new Lanes<>(all.iterator(), task);
    return CompletableFuture.allOf(
        Stream.generate(shared::lane).limit(lanes).toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> lane() {
    T next = next();
    // In between another thread, so that a long row of things that are done at once is no deep
    // stack.
    return next == null
        ? CompletableFuture.completedFuture(null)
        : task.apply(next).toCompletableFuture().thenComposeAsync(done -> lane());
  }

  private synchronized @Nullable T next() {
    return rest.hasNext() ? rest.next() : null;
  }
}
