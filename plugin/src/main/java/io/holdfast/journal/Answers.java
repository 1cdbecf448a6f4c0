// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.fence.FenceException;
import io.holdfast.journal.JournalException.Outcome;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.dispatch.Futures;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/** The one place where our stages become Scala's futures, and their failures the journal's. */
final class Answers {
  private Answers() {}

  static <T> Future<T> of(CompletionStage<? extends T> stage) {
    Promise<T> promise = Futures.promise();
    stage.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            promise.success(result);
          } else {
            promise.failure(translate(FenceException.causeOf(failure)));
          }
        });
    return promise.future();
  }

  static Throwable translate(Throwable failure) {
    return failure instanceof FenceException fence
        ? new JournalException(
            String.valueOf(fence.getMessage()),
            fence.effect() == FenceException.Effect.NONE ? Outcome.UNAVAILABLE : Outcome.UNKNOWN,
            fence)
        : failure;
  }
}
