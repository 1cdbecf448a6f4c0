// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.FenceClock.Moment;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The writer's entry in the list of all writers: readers find its log there, so it is made before
 * the log's first row.
 *
 * <p>The entry ends with the log: by the writer itself when it is closed, or by any other one when
 * it has not been heard of for {@link #MAX_SILENCE}. That a clock decides then is safe: a writer
 * that was silent for a day never logs anything again, so that clocks may differ by almost two
 * days. A writer that finds its entry deleted makes another one. Thread-safe.
 */
final class Registration {
  static final Duration MAX_SILENCE = Duration.ofDays(3);
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofMinutes(1);
  private static final Duration SEARCH_INTERVAL = Duration.ofHours(1);

  private final LogStorage storage;
  private final UUID writer;
  private final FenceClock clock;

  private @Nullable CompletableFuture<Long> number;

  /** When the last thing began that this writer told others; nobody has seen it before. */
  private Moment lastHeard;

  private Moment lastHeartbeat;
  private Moment lastSearch;

  Registration(LogStorage storage, UUID writer, FenceClock clock) {
    this.storage = storage;
    this.writer = writer;
    this.clock = clock;
    this.lastHeard = clock.now();
    this.lastHeartbeat = lastHeard;
    this.lastSearch = lastHeard;
  }

  /**
   * Completes with the writer's number when readers will find its log. The first call registers.
   */
  CompletionStage<Long> number() {
    CompletableFuture<Long> registered;
    synchronized (this) {
      registered = number;
      if (registered != null && !registered.isCompletedExceptionally()) {
        return registered;
      }
      if (registered == null) {
        lastHeard = clock.now();
      }
      registered = new CompletableFuture<>();
      number = registered;
    }
    CompletableFuture<Long> result = registered;
    new WriterList(storage)
        .register(writer, clock.wall().instant())
        .whenComplete(
            (known, failure) -> {
              if (failure == null) {
                result.complete(known);
              } else {
                result.completeExceptionally(FenceException.causeOf(failure));
              }
            });
    return result;
  }

  /**
   * Whether this writer has not been heard of for so long that others may take it for dead soon: it
   * must not log any more.
   */
  synchronized boolean isExpired() {
    return number != null && clock.hasPassed(Fence.MAX_SILENCE, lastHeard);
  }

  private synchronized void heard(Moment began) {
    if (began.nanoTime() - lastHeard.nanoTime() > 0 && !isExpired()) {
      lastHeard = began;
    }
  }

  /** To be called every few seconds: says that the writer is alive, and looks after dead ones. */
  CompletionStage<Void> maintain() {
    CompletableFuture<Long> registered;
    boolean beats;
    boolean searches;
    synchronized (this) {
      registered = number;
      if (registered == null || !registered.isDone() || registered.isCompletedExceptionally()) {
        return completedFuture(null);
      }
      beats = clock.hasPassed(HEARTBEAT_INTERVAL, lastHeartbeat) && !isExpired();
      searches = clock.hasPassed(SEARCH_INTERVAL, lastSearch);
      lastHeartbeat = beats ? clock.now() : lastHeartbeat;
      lastSearch = searches ? clock.now() : lastSearch;
    }
    CompletionStage<Void> beaten = beats ? beat(registered) : completedFuture(null);
    return searches
        ? beaten.thenCompose(done -> retireDead(RegisteredWriter.FIRST_NUMBER))
        : beaten;
  }

  private CompletionStage<Void> beat(CompletableFuture<Long> registered) {
    Moment began = clock.now();
    return storage
        .beat(writer, registered.join(), began.wall())
        .thenCompose(
            isThere -> {
              if (isThere) {
                heard(began);
                return completedFuture(null);
              }
              return registerAgain(registered).thenApply(number -> null);
            });
  }

  /** The entry was deleted: readers find the log only by another one. */
  private CompletionStage<Long> registerAgain(CompletableFuture<Long> former) {
    synchronized (this) {
      if (number == former) {
        number = null;
      }
    }
    return number();
  }

  private CompletionStage<Void> retireDead(long from) {
    return storage
        .readWriters(from)
        .thenCompose(
            writers -> {
              CompletionStage<Void> all = completedFuture(null);
              for (RegisteredWriter other : writers) {
                if (isDead(other)) {
                  all = all.thenCompose(done -> retire(other));
                }
              }
              return writers.isEmpty()
                  ? all
                  : all.thenCompose(done -> retireDead(from + writers.size()));
            });
  }

  private boolean isDead(RegisteredWriter other) {
    return other.end().isEmpty()
        && !other.id().equals(writer)
        && Duration.between(other.lastHeartbeat(), clock.wall().instant()).compareTo(MAX_SILENCE)
            > 0;
  }

  private CompletionStage<Void> retire(RegisteredWriter dead) {
    return storage
        .readLogEnd(dead.id())
        .thenCompose(end -> storage.retire(dead.id(), dead.number(), end, clock.wall().instant()))
        .thenApply(isThere -> null);
  }

  /** Ends the entry; nothing is done if there is none. */
  CompletionStage<Void> retire(long end) {
    CompletableFuture<Long> registered;
    synchronized (this) {
      registered = number;
    }
    return registered == null ? completedFuture(null) : retire(registered, end);
  }

  private CompletionStage<Void> retire(CompletableFuture<Long> registered, long end) {
    return registered
        .thenCompose(known -> storage.retire(writer, known, end, clock.wall().instant()))
        .thenCompose(
            isThere ->
                isThere
                    ? completedFuture(null)
                    : registerAgain(registered).thenCompose(again -> retire(end)));
  }
}
