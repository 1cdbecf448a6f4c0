// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.EventStoreException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** What became of an operation, as its span says it. */
enum Outcome {
  SUCCESS("success", false),
  APPENDED("appended", false),
  ALREADY_APPENDED("already_appended", false),
  CONFLICT("conflict", false),
  REJECTED("rejected", false),
  OVERLOADED("overloaded", true),
  UNAVAILABLE("unavailable", true),
  UNKNOWN("unknown", true),
  /** A source that nobody wanted to the end. */
  CANCELLED("cancelled", false),
  /** No exception of the event store: a defect. */
  FAILED("failed", true);

  private final String text;
  private final boolean error;

  Outcome(String text, boolean error) {
    this.text = text;
    this.error = error;
  }

  static Outcome of(AppendOutcome outcome) {
    if (outcome instanceof AppendOutcome.Appended) {
      return APPENDED;
    } else if (outcome instanceof AppendOutcome.AlreadyAppended) {
      return ALREADY_APPENDED;
    } else if (outcome instanceof AppendOutcome.Conflict) {
      return CONFLICT;
    } else if (outcome instanceof AppendOutcome.Rejected) {
      return REJECTED;
    } else if (outcome instanceof AppendOutcome.Overloaded) {
      return OVERLOADED;
    }
    return outcome instanceof AppendOutcome.Unavailable ? UNAVAILABLE : UNKNOWN;
  }

  private static Outcome of(Throwable failure) {
    return failure instanceof EventStoreException known ? of(AppendOutcome.of(known)) : FAILED;
  }

  /** Says it of an operation that did not fail. */
  void describe(Span span) {
    span.setAttribute(SpanAttributes.OUTCOME, text);
  }

  /** Says why an operation failed; which is an error only where something is wrong. */
  static void describeFailure(Span span, Throwable failure) {
    Outcome outcome = of(failure);
    outcome.describe(span);
    if (outcome.error) {
      span.setAttribute(SpanAttributes.ERROR_TYPE, failure.getClass().getName());
      span.setStatus(StatusCode.ERROR, String.valueOf(failure.getMessage()));
    }
  }
}
