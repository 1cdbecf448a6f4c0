// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.pattern.CircuitBreaker;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.DurationConverters;

/**
 * The requests to write that are under way, behind a circuit breaker, and their answers.
 *
 * <p>Pekko's own way through {@code AsyncWriteJournal} takes each answer over the journal's
 * dispatcher and sets a timer for each write. Here the thread that brings the outcome tells it, and
 * what takes too long is looked for now and then. Thread-safe.
 */
final class WriteRequests {
  /** So many answers can be told at once; two actors of the same wait for each other a moment. */
  private static final int ORDERS = 256;

  /** A request that has no answer yet. */
  private record Running(CompletableFuture<?> outcome, long beganNanos) {
    long remainingNanos(Duration timeout) {
      return timeout.toNanos() - (System.nanoTime() - beganNanos);
    }

    void expire(Duration timeout) {
      if (remainingNanos(timeout) <= 0) {
        outcome.completeExceptionally(
            new TimeoutException(
                "the write has had no answer for %d s (circuit-breaker.call-timeout)"
                    .formatted(timeout.toSeconds())));
      }
    }
  }

  private final CircuitBreaker breaker;
  private final Duration callTimeout;
  private final Duration resetTimeout;
  private final ActorRef journal;
  private final Object[] orders = new Object[ORDERS];
  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  /** Whether a write is under way that tries whether the breaker can close. */
  private final AtomicBoolean trying = new AtomicBoolean();

  /**
   * @param settings the section {@code circuit-breaker}
   * @param journal whom the answers are from
   */
  WriteRequests(Config settings, Scheduler scheduler, ActorRef journal) {
    this.callTimeout = settings.getDuration("call-timeout");
    this.resetTimeout = settings.getDuration("reset-timeout");
    this.breaker =
        new CircuitBreaker(
            scheduler,
            settings.getInt("max-failures"),
            DurationConverters.toScala(callTimeout),
            DurationConverters.toScala(resetTimeout),
            ExecutionContext.parasitic$.MODULE$);
    this.journal = journal;
    for (int i = 0; i < ORDERS; i++) {
      orders[i] = new Object();
    }
  }

  /**
   * Carries a request out and answers it.
   *
   * @param write answers for each atomic write why it was rejected, if it was; with nothing if none
   *     was
   */
  void carryOut(WriteMessages request, Supplier<CompletionStage<List<Optional<Exception>>>> write) {
    WriteAnswer answer = new WriteAnswer(request, journal);
    // An actor sends its next request when the first message of the answer to this one has come:
    // the others must come before the answer to that.
    Object order = orders[Math.floorMod(request.persistentActor().hashCode(), ORDERS)];
    guarded(write)
        .whenComplete(
            (rejections, failure) -> {
              synchronized (order) {
                answer.tell(rejections, failure);
              }
            });
  }

  /**
   * Begins a write, unless the breaker is open, and lets it know of the outcome. While it is half
   * open, one write at a time tries.
   */
  <T> CompletionStage<T> guarded(Supplier<CompletionStage<T>> write) {
    boolean tries = breaker.isHalfOpen() && trying.compareAndSet(false, true);
    if (!tries && !breaker.isClosed()) {
      return CompletableFuture.failedFuture(
          new CircuitBreakerOpenException(
              DurationConverters.toScala(resetTimeout),
              "Circuit Breaker is open; calls are failing fast"));
    }
    // A copy, which can be given up while the write goes on.
    CompletableFuture<T> outcome = begin(write).toCompletableFuture().copy();
    Running entry = new Running(outcome, System.nanoTime());
    running.add(entry);
    return outcome.whenComplete(
        (result, failure) -> {
          running.remove(entry);
          if (tries) {
            trying.set(false);
          }
          if (failure == null) {
            breaker.succeed();
          } else {
            breaker.fail();
          }
        });
  }

  private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> write) {
    try {
      return write.get();
    } catch (VirtualMachineError fatal) {
      throw fatal;
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** To be called every few seconds: gives up what takes longer than the breaker's time-out. */
  void expire() {
    running.forEach(request -> request.expire(callTimeout));
  }

  /**
   * To be called in place of {@link #expire} once the journal's actor has stopped: what is under
   * way is given up in time without it.
   *
   * @return completes when all that is under way has its answer
   */
  CompletionStage<Void> close() {
    List<CompletableFuture<?>> last = new ArrayList<>();
    for (Running request : running) {
      last.add(request.outcome().handle((result, failure) -> null));
      CompletableFuture.delayedExecutor(
              request.remainingNanos(callTimeout), TimeUnit.NANOSECONDS, Runnable::run)
          .execute(() -> request.expire(callTimeout));
    }
    return CompletableFuture.allOf(last.toArray(CompletableFuture[]::new));
  }
}
