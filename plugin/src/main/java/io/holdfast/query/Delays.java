// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;

/** Waits without a thread. */
final class Delays {
  private Delays() {}

  static CompletableFuture<Void> after(ActorSystem system, Duration delay) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    endAfter(system, delay, passed);
    return passed;
  }

  /** Completes the future when the time has passed, if nobody did before. */
  static void endAfter(ActorSystem system, Duration delay, CompletableFuture<Void> future) {
    Cancellable timer =
        system.scheduler().scheduleOnce(delay, () -> future.complete(null), system.dispatcher());
    CompletionStage<Void> over = future;
    over.whenComplete((done, failure) -> timer.cancel());
  }
}
