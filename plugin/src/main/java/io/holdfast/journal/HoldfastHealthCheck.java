// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.fence.FenceException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node can work with Cassandra: the readiness check for Pekko Management, which
 * creates it by name.
 *
 * <pre>{@code
 * pekko.management.health-checks.readiness-checks {
 *   holdfast = "io.holdfast.journal.HoldfastHealthCheck"
 * }
 * }</pre>
 *
 * <p>Ready means that the tables of all stores that the actor system uses are there, and that a
 * small read of each at the consistency of all reads was answered now or within {@code
 * holdfast.health-check.tolerance}. The first check connects. Why a node is not ready is logged
 * when that changes. Thread-safe.
 */
public final class HoldfastHealthCheck implements Supplier<CompletionStage<Boolean>> {
  private static final Logger LOG = LoggerFactory.getLogger(HoldfastHealthCheck.class);

  private final ActorSystem system;
  private final HealthCheckSettings settings;
  private final AtomicBoolean ready = new AtomicBoolean(true);

  private volatile boolean everAnswered;
  private volatile long lastAnswerNanos;

  /** The check of an actor system. */
  public HoldfastHealthCheck(ActorSystem system) {
    this.system = system;
    this.settings = HealthCheckSettings.of(system.settings().config());
  }

  /** Completes within {@code holdfast.health-check.timeout}, and never fails. */
  @Override
  public CompletionStage<Boolean> get() {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    probe()
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                lastAnswerNanos = System.nanoTime();
                everAnswered = true;
                answered.complete(null);
              } else {
                answered.completeExceptionally(FenceException.causeOf(failure));
              }
            });
    return answered
        .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .handle((done, failure) -> failure == null ? isReady() : isStillReady(failure));
  }

  /** Of all stores that are in use; of the first one before there is any. */
  private CompletionStage<Void> probe() {
    try {
      List<CassandraStorage> used = CassandraStorage.inUse(system);
      List<CassandraStorage> all = used.isEmpty() ? List.of(new CassandraStorage(system)) : used;
      return CompletableFuture.allOf(
          all.stream()
              .map(storage -> storage.probe(settings.timeout()).toCompletableFuture())
              .toArray(CompletableFuture[]::new));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private boolean isReady() {
    if (ready.compareAndSet(false, true)) {
      LOG.info("Cassandra answers again; this node is ready");
    }
    return true;
  }

  private boolean isStillReady(Throwable failure) {
    if (everAnswered && System.nanoTime() - lastAnswerNanos < settings.tolerance().toNanos()) {
      return true;
    }
    if (ready.compareAndSet(true, false)) {
      LOG.warn(
          "This node is not ready: a read of Cassandra that may take {} failed: {}",
          settings.timeout(),
          failure.toString());
    }
    return false;
  }
}
