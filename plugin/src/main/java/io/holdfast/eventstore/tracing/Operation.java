// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.context.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** One asynchronous operation within its span. */
final class Operation {
  private Operation() {}

  /**
   * Starts the span and the operation, and ends the span before the stage completes. The span is
   * current only while the operation is being started, on the caller's thread.
   *
   * @param operation is given the context with the span in it
   * @param describe says of the span what the operation resulted in
   * @return fails with the operation's own exception, unwrapped
   */
  static <T> CompletionStage<T> traced(
      SpanBuilder builder,
      Context parent,
      Function<Context, CompletionStage<T>> operation,
      BiConsumer<T, Span> describe) {
    Span span = builder.setParent(parent).startSpan();
    Context context = parent.with(span);
    CompletionStage<T> started;
    try {
      started = context.wrapSupplier(() -> operation.apply(context)).get();
    } catch (RuntimeException | Error e) {
      Outcome.describeFailure(span, e);
      span.end();
      throw e;
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    started.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            try {
              describe.accept(value, span);
              span.end();
            } finally {
              result.complete(value);
            }
          } else {
            Throwable cause = unwrap(failure);
            try {
              Outcome.describeFailure(span, cause);
              span.end();
            } finally {
              result.completeExceptionally(cause);
            }
          }
        });
    return result;
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
