// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;

/**
 * Waits without a thread, and without the actor system's timers: with these, what waits when the
 * system ends would wait for ever.
 */
final class Delays {
  private Delays() {}

  static CompletableFuture<Void> after(ActorSystem system, Duration delay) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    endAfter(delay, passed);
    return passed.thenApplyAsync(over -> null, system.dispatcher());
  }

  /** Completes the future when the time has passed, if nobody did before. */
  static void endAfter(Duration delay, CompletableFuture<Void> future) {
    var unused = future.completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS);
  }
}
