// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.fence.FenceException;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Operation;
import io.holdfast.metrics.Outcome;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Times one operation, from its start on, and reports how it ended. */
final class Stopwatch {
  private final Measurements measurements;
  private final Operation operation;
  private final long began = System.nanoTime();

  private Stopwatch(Measurements measurements, Operation operation) {
    this.measurements = measurements;
    this.operation = operation;
  }

  static Stopwatch start(Measurements measurements, Operation operation) {
    return new Stopwatch(measurements, operation);
  }

  void stop(Outcome outcome) {
    measurements.completed(operation, outcome, System.nanoTime() - began);
  }

  /** Stops when the stage is complete, with the outcome that its failure says. */
  <T> CompletionStage<T> stopAfter(CompletionStage<T> stage) {
    return stage.whenComplete((result, failure) -> stop(outcome(operation, failure)));
  }

  static Outcome outcome(Operation operation, @Nullable Throwable failure) {
    if (failure == null) {
      return Outcome.SUCCESS;
    }
    if (Answers.translate(FenceException.causeOf(failure)) instanceof JournalException known) {
      return operation.mayBeUnknown() && known.outcome() == JournalException.Outcome.UNKNOWN
          ? Outcome.UNKNOWN
          : Outcome.UNAVAILABLE;
    }
    return operation.mayBeUnknown() ? Outcome.UNKNOWN : Outcome.UNREADABLE;
  }
}
