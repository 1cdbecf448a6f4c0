// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies whole, each within a size and a time, and all of them within a sum: what is beyond
 * that is refused before it is read. Thread-safe.
 */
final class Bodies {
  private final ActorSystem<?> system;
  private final HttpSettings settings;
  private final AtomicLong bytesInFlight = new AtomicLong();

  Bodies(ActorSystem<?> system, HttpSettings settings) {
    this.system = system;
    this.settings = settings;
  }

  /** Reads the body of a JSON request, and keeps its room until the answer is there. */
  <T> CompletionStage<T> withJson(
      HttpRequest request, Function<byte[], CompletionStage<T>> handler) {
    HttpEntity entity = request.entity();
    Problem refusal = checkType(request);
    long announced = entity.getContentLengthOption().orElse(settings.maxBodyBytes());
    if (refusal == null && announced > settings.maxBodyBytes()) {
      refusal = Failures.tooLarge(settings.maxBodyBytes());
    }
    if (refusal != null) {
      return refuse(request, refusal);
    }
    if (bytesInFlight.addAndGet(announced) > settings.maxBytesInFlight()) {
      bytesInFlight.addAndGet(-announced);
      return refuse(
          request,
          Problem.of(429, "overloaded", "this node holds as many bodies as it may")
              .with("limit", settings.maxBytesInFlight())
              .with("outcome", "unavailable")
              .retryAfter(1));
    }
    return read(request)
        .thenCompose(handler)
        .whenComplete((done, failure) -> bytesInFlight.addAndGet(-announced));
  }

  private static @Nullable Problem checkType(HttpRequest request) {
    String type = request.entity().getContentType().mediaType().toString();
    if (!type.equals("application/json")) {
      return Failures.unsupported("the body must be application/json", type);
    }
    String encoding = StreamRoutes.header(request, "Content-Encoding").orElse("identity");
    return encoding.equalsIgnoreCase("identity")
        ? null
        : Failures.unsupported(
            "the body must have no Content-Encoding; that is for imports", encoding);
  }

  /** Takes in some of what it refuses, so that a client that is still sending gets the answer. */
  private <T> CompletionStage<T> refuse(HttpRequest request, Problem problem) {
    request
        .entity()
        .withSizeLimit(2 * settings.maxBodyBytes())
        .getDataBytes()
        .completionTimeout(settings.bodyTimeout())
        .to(Sink.ignore())
        .run(system);
    return CompletableFuture.failedFuture(problem);
  }

  private CompletionStage<byte[]> read(HttpRequest request) {
    CompletableFuture<byte[]> body = new CompletableFuture<>();
    request
        .entity()
        .withSizeLimit(settings.maxBodyBytes())
        .getDataBytes()
        .completionTimeout(settings.bodyTimeout())
        .runWith(
            Sink.<ByteString, ByteString>fold(ByteString.emptyByteString(), ByteString::concat),
            system)
        .whenComplete(
            (bytes, failure) -> {
              if (failure == null) {
                body.complete(bytes.toArray());
              } else {
                body.completeExceptionally(
                    failure instanceof TimeoutException
                        ? Failures.slowBody(
                            "the body did not arrive within %d s"
                                .formatted(settings.bodyTimeout().toSeconds()))
                        : failure);
              }
            });
    return body.orTimeout(settings.bodyTimeout().toSeconds() + 5, TimeUnit.SECONDS);
  }
}
