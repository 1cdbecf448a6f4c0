// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamSharding;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.util.Timeout;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.util.Try;

/** Asks streams, and turns what they refuse into exceptions. */
final class StreamClient {
  private final StreamSharding streams;
  private final Duration appendTimeout;
  private final Duration readTimeout;

  StreamClient(StreamSharding streams, StreamEntitySettings settings) {
    this.streams = streams;
    this.appendTimeout = settings.appendTimeout();
    this.readTimeout = settings.readTimeout();
  }

  CompletableFuture<StreamReply.Appended> append(
      String streamId, Function<ActorRef<StreamReply.ToAppend>, StreamCommand> command) {
    return ask(streamId, command, appendTimeout)
        .handle(
            (reply, failure) -> {
              if (reply instanceof StreamReply.Appended appended) {
                return appended;
              }
              throw failure == null
                  ? refused(streamId, reply)
                  : new UnknownOutcomeException(
                      streamId, noAnswer(streamId, appendTimeout, failure), failure);
            });
  }

  CompletableFuture<Long> version(String streamId, ReadConsistency consistency) {
    return this.<StreamReply.ToGetVersion>ask(
            streamId, replyTo -> new StreamCommand.GetVersion(consistency, replyTo), readTimeout)
        .handle(
            (reply, failure) -> {
              if (reply instanceof StreamReply.Version answer) {
                return answer.version();
              }
              throw notRead(streamId, reply, failure);
            });
  }

  CompletableFuture<Boolean> exists(String streamId, ReadConsistency consistency) {
    return this.<StreamReply.ToExists>ask(
            streamId, replyTo -> new StreamCommand.Exists(consistency, replyTo), readTimeout)
        .handle(
            (reply, failure) -> {
              if (reply instanceof StreamReply.Existence answer) {
                return answer.exists();
              }
              throw notRead(streamId, reply, failure);
            });
  }

  private EventStoreException notRead(
      String streamId, StreamReply reply, @Nullable Throwable failure) {
    return failure == null
        ? refused(streamId, reply)
        : new UnavailableException(streamId, noAnswer(streamId, readTimeout, failure), failure);
  }

  private static String noAnswer(String streamId, Duration timeout, Throwable failure) {
    return failure instanceof TimeoutException
        ? "stream '%s' gave no answer within %d s".formatted(streamId, timeout.toSeconds())
        : "stream '%s' could not be asked: %s".formatted(streamId, failure.getMessage());
  }

  private static EventStoreException refused(String streamId, StreamReply reply) {
    if (reply instanceof StreamReply.Conflict conflict) {
      return new ConcurrencyException(
          streamId, conflict.expectedVersion(), conflict.actualVersion());
    } else if (reply instanceof StreamReply.Rejected rejected) {
      return new RejectedException(
          streamId, "stream '%s': %s".formatted(streamId, rejected.reason()));
    } else if (reply instanceof StreamReply.Overloaded overloaded) {
      return new OverloadedException(
          streamId, "stream '%s' is overloaded: %s".formatted(streamId, overloaded.reason()));
    } else if (reply instanceof StreamReply.Unavailable unavailable) {
      return new UnavailableException(
          streamId, "stream '%s' is unavailable: %s".formatted(streamId, unavailable.reason()));
    } else if (reply instanceof StreamReply.Unknown unknown) {
      return new UnknownOutcomeException(
          streamId,
          "the append to stream '%s' has an unknown outcome: %s"
              .formatted(streamId, unknown.reason()));
    }
    throw new IllegalStateException("unexpected answer " + reply);
  }

  /**
   * Asks through a Scala future of which no stage is made: those of Scala's converters run each
   * callback on a pool, which is a new thread each time on a small machine.
   */
  private <R extends StreamReply> CompletableFuture<R> ask(
      String streamId, Function<ActorRef<R>, StreamCommand> command, Duration timeout) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    streams
        .entityRef(streamId)
        .asScala()
        .<R>ask(command::apply, Timeout.create(timeout))
        .onComplete(
            (Try<R> result) -> {
              if (result.isSuccess()) {
                answer.complete(result.get());
              } else {
                answer.completeExceptionally(result.failed().get());
              }
              return null;
            },
            ExecutionContext.parasitic$.MODULE$);
    return answer;
  }
}
