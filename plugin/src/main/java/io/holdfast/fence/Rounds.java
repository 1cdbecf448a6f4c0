// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: entries that arrive while as many rounds as allowed are under way go together in
 * the next. A round is one request to storage, and it serves only entries that joined before it
 * began. A lone entry never waits, entries of one {@link Burst} go together, and a round begins
 * beside another only for so many entries that it is worth its request. Thread-safe.
 */
final class Rounds<E> {
  private static final class Round<E> {
    final List<E> entries = new ArrayList<>();
    final CompletableFuture<Void> done = new CompletableFuture<>();
  }

  /** Measured: with fewer, what they cost storage is more than what they save in waiting. */
  private static final int MIN_BESIDE_ANOTHER = 50;

  private final int maxOverlapping;
  private final int maxEntries;
  private final Function<List<E>, CompletionStage<Void>> request;
  private final Runnable begin = this::begin;

  private final Deque<Round<E>> waiting = new ArrayDeque<>();
  private int underWay;

  /**
   * @param maxOverlapping the most rounds under way at a time
   * @param maxEntries the most entries to a round
   * @param request what a round does for its entries
   */
  Rounds(int maxOverlapping, int maxEntries, Function<List<E>, CompletionStage<Void>> request) {
    this.maxOverlapping = maxOverlapping;
    this.maxEntries = maxEntries;
    this.request = request;
  }

  /** Completes with the round that takes the entry, or fails as it does. */
  CompletionStage<Void> join(E entry) {
    Round<E> round = enter(entry);
    Burst.atEnd(begin);
    return round.done;
  }

  private synchronized Round<E> enter(E entry) {
    Round<E> last = waiting.peekLast();
    if (last == null || last.entries.size() == maxEntries) {
      last = new Round<>();
      waiting.add(last);
    }
    last.entries.add(entry);
    return last;
  }

  private void begin() {
    Round<E> round;
    synchronized (this) {
      if (!mayBegin()) {
        return;
      }
      underWay++;
      round = waiting.remove();
    }
    request.apply(round.entries).whenComplete((done, failure) -> end(round, failure));
  }

  private boolean mayBegin() {
    return !waiting.isEmpty()
        && (underWay == 0
            || (underWay < maxOverlapping
                && waiting.element().entries.size() >= MIN_BESIDE_ANOTHER));
  }

  private void end(Round<E> round, @Nullable Throwable failure) {
    synchronized (this) {
      underWay--;
    }
    begin();
    if (failure == null) {
      round.done.complete(null);
    } else {
      round.done.completeExceptionally(FenceException.causeOf(failure));
    }
  }

  synchronized boolean isIdle() {
    return underWay == 0 && waiting.isEmpty();
  }
}
