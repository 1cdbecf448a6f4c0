// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import io.holdfast.eventstore.EventStore;
import io.holdfast.sample.cluster.NodeDirectory;
import io.holdfast.sample.metrics.NodeMetrics;
import io.holdfast.sample.orders.OrderView;
import io.holdfast.sample.orders.Orders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.util.ByteString;

/** All that a node serves: the API, its description, and the page. */
public final class Api extends Responder {
  private static final String BEARER = "Bearer ";

  private static final RejectionHandler REJECTIONS = RejectionHandler.defaultHandler();

  /** The page runs what this node serves as a file, and nothing else. */
  private static final List<HttpHeader> PAGE_HEADERS =
      List.of(
          RawHeader.create(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                  + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                  + " frame-ancestors 'none'"),
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Referrer-Policy", "no-referrer"),
          RawHeader.create("Cache-Control", "no-cache"));

  private final HttpSettings settings;
  private final StreamRoutes streams;
  private final LiveRoutes live;
  private final ClusterRoutes cluster;

  private final StreamList list;
  private final TransferRoutes transfer;
  private final OrderRoutes orders;
  private final NodeMetrics metrics;

  private Api(
      ActorSystem<?> system, EventStore store, NodeDirectory directory, HttpSettings settings) {
    Bodies bodies = new Bodies(system, settings);
    AppendPlot plot = new AppendPlot(system);
    this.settings = settings;
    this.streams = new StreamRoutes(system, store, bodies, plot);
    this.list = new StreamList(system);
    this.transfer = new TransferRoutes(system, store, list, plot, settings);
    this.orders = new OrderRoutes(Orders.start(system), OrderView.start(system, store), bodies);
    this.live = new LiveRoutes(store);
    this.metrics = NodeMetrics.start(system);
    this.cluster = new ClusterRoutes(system, directory, bodies, plot, settings);
  }

  /** The routes of a node. */
  public static Route create(
      ActorSystem<?> system, EventStore store, NodeDirectory directory, HttpSettings settings) {
    return new Api(system, store, directory, settings).route();
  }

  private Route route() {
    Route all =
        concat(
            // Sealed: what is no route of the API is no file of the page either.
            pathPrefix("api", () -> authorized(this::api).seal(REJECTIONS, exceptions())),
            path("metrics", () -> get(() -> complete(metrics()))),
            path("openapi.yaml", () -> get(() -> getFromResource("openapi.yaml"))),
            get(
                () ->
                    respondWithHeaders(
                        PAGE_HEADERS,
                        () ->
                            concat(
                                pathSingleSlash(() -> getFromResource("page/index.html")),
                                getFromResourceDirectory("page")))));
    return mapResponse(Api::refusedByProblem, () -> all.seal(REJECTIONS, exceptions()));
  }

  private HttpResponse metrics() {
    return HttpResponse.create()
        .withEntity(
            ContentTypes.parse(NodeMetrics.CONTENT_TYPE), ByteString.fromString(metrics.scrape()));
  }

  private Route api() {
    return concat(
        live.route(),
        transfer.route(),
        pathPrefix(
            "streams", () -> concat(pathEnd(() -> get(() -> answer(list::page))), streams.route())),
        pathPrefix("orders", orders::route),
        pathPrefix("cluster", cluster::route));
  }

  private Route authorized(Supplier<Route> inner) {
    if (settings.token().isEmpty()) {
      return inner.get();
    }
    Route route = inner.get();
    return extractRequest(request -> isAuthorized(request) ? route : refused());
  }

  private Route refused() {
    return complete(
        Problem.of(401, "unauthorized", "send the header Authorization: Bearer <token>")
            .response());
  }

  private boolean isAuthorized(HttpRequest request) {
    Optional<String> header = StreamRoutes.header(request, "Authorization");
    return header.isPresent()
        && MessageDigest.isEqual(
            header.get().getBytes(StandardCharsets.UTF_8),
            (BEARER + settings.token()).getBytes(StandardCharsets.UTF_8));
  }

  /** A request to another node of the same cluster. */
  static HttpRequest authorized(HttpRequest request, String token) {
    return token.isEmpty()
        ? request
        : request.addHeader(RawHeader.create("Authorization", BEARER + token));
  }

  private static ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder()
        .matchAny(failure -> new Responder() {}.complete(Failures.problem(failure).response()))
        .build();
  }

  /** Pekko HTTP has refusals of its own, of rejected and of conditional requests: as problems. */
  private static HttpResponse refusedByProblem(HttpResponse response) {
    if (!response.status().isFailure() || Problem.isProblem(response)) {
      return response;
    }
    return Problem.of(response.status().intValue(), "refused", detail(response))
        .response()
        .addHeaders(response.getHeaders());
  }

  private static String detail(HttpResponse response) {
    return response.entity() instanceof org.apache.pekko.http.javadsl.model.HttpEntity.Strict strict
        ? strict.getData().utf8String()
        : response.status().defaultMessage();
  }
}
