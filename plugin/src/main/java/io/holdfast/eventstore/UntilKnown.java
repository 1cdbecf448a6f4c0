// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.protocol.StreamReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request that may be repeated again and again until its outcome is known or its time is
 * over. What fails for certain before the outcome is in doubt is not repeated.
 *
 * @param <R> what answers the request
 */
final class UntilKnown<R extends StreamReply> {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /**
   * The last answer.
   *
   * @param repeated whether it is not the first one's
   */
  record Answer<R>(R reply, boolean repeated) {}

  private final String streamId;
  private final Function<Boolean, CompletionStage<R>> request;
  private final Function<StreamReply.Unknown, R> unknown;
  private final BooleanSupplier ended;
  private final long deadline;
  private final CompletableFuture<Answer<R>> result = new CompletableFuture<>();

  private UntilKnown(
      String streamId,
      Function<Boolean, CompletionStage<R>> request,
      Function<StreamReply.Unknown, R> unknown,
      BooleanSupplier ended,
      Duration timeout) {
    this.streamId = streamId;
    this.request = request;
    this.unknown = unknown;
    this.ended = ended;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /**
   * @param request sends the request; is told whether it was sent before
   * @param unknown the answer where there is none
   * @param ended whether no request can be answered any more
   * @param timeout after which no more is sent
   */
  static <R extends StreamReply> CompletionStage<Answer<R>> ask(
      String streamId,
      Function<Boolean, CompletionStage<R>> request,
      Function<StreamReply.Unknown, R> unknown,
      BooleanSupplier ended,
      Duration timeout) {
    UntilKnown<R> asking = new UntilKnown<>(streamId, request, unknown, ended, timeout);
    asking.send(false, FIRST_PAUSE);
    return asking.result;
  }

  private void send(boolean repeated, Duration pause) {
    CompletionStage<R> sent;
    try {
      sent = request.apply(repeated);
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    sent.whenComplete((reply, failure) -> onReply(repeated, pause, reply, failure));
  }

  private void onReply(
      boolean repeated, Duration pause, @Nullable R reply, @Nullable Throwable failure) {
    if (reply != null && !(reply instanceof StreamReply.Unknown)) {
      boolean transientRefusal =
          reply instanceof StreamReply.Unavailable || reply instanceof StreamReply.Overloaded;
      if (!repeated || !transientRefusal) {
        result.complete(new Answer<>(reply, repeated));
        return;
      }
    }
    long jittered = ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis());
    boolean over = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(jittered) - deadline >= 0;
    if (over || ended.getAsBoolean()) {
      result.complete(new Answer<>(unknown.apply(reason(reply, failure)), repeated));
      return;
    }
    Duration longer = pause.multipliedBy(2);
    Duration next = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    CompletableFuture.delayedExecutor(jittered, TimeUnit.MILLISECONDS)
        .execute(() -> send(true, next));
  }

  private StreamReply.Unknown reason(@Nullable R reply, @Nullable Throwable failure) {
    if (reply instanceof StreamReply.Unknown said) {
      return said;
    } else if (reply instanceof StreamReply.Unavailable refused) {
      return new StreamReply.Unknown(
          "an answer is missing, and now the stream is unavailable: " + refused.reason());
    } else if (reply instanceof StreamReply.Overloaded refused) {
      return new StreamReply.Unknown(
          "an answer is missing, and now the stream is overloaded: " + refused.reason());
    }
    Throwable cause = failure == null ? null : StreamEventStore.unwrap(failure);
    return new StreamReply.Unknown(
        cause instanceof TimeoutException
            ? "stream '%s' gave no answer in time".formatted(streamId)
            : "stream '%s' gave no answer: %s"
                .formatted(streamId, cause == null ? "no reason" : cause.getMessage()));
  }
}
