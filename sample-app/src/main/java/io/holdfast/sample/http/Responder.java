// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** A group of routes, each of which answers a request some time, or fails with what is wrong. */
abstract class Responder extends AllDirectives {
  /** Answers with what the stage gives; what it fails with, or is thrown, becomes a problem. */
  final Route answer(Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return extractRequest(request -> completeWithFuture(respond(request, handler)));
  }

  private static CompletionStage<HttpResponse> respond(
      HttpRequest request, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    CompletionStage<HttpResponse> response;
    try {
      response = handler.apply(request);
    } catch (RuntimeException e) {
      response = CompletableFuture.failedFuture(e);
    }
    return response.exceptionally(failure -> Failures.problem(failure).response());
  }
}
