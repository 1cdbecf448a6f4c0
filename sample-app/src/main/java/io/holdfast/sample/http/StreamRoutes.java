// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** Streams: append, read, version, exists. */
final class StreamRoutes extends Responder {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final ActorSystem<?> system;
  private final EventStore store;
  private final Bodies bodies;
  private final AppendPlot plot;

  StreamRoutes(ActorSystem<?> system, EventStore store, Bodies bodies, AppendPlot plot) {
    this.system = system;
    this.store = store;
    this.bodies = bodies;
    this.plot = plot;
  }

  /** What follows {@code /api/streams}. */
  Route route() {
    return pathPrefix(
        PathMatchers.segment(),
        id ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> answer(request -> read(id, request))),
                            post(() -> answer(request -> append(id, request))),
                            head(() -> answer(request -> head(id))))),
                path("version", () -> get(() -> answer(request -> version(id)))),
                path("exists", () -> get(() -> answer(request -> exists(id))))));
  }

  private CompletionStage<HttpResponse> append(String id, HttpRequest request) {
    Optional<String> ifMatch = header(request, "If-Match");
    Optional<String> ifNoneMatch = header(request, "If-None-Match");
    ExpectedVersion expected = Preconditions.expectedVersion(ifMatch, ifNoneMatch);
    boolean precondition = ifMatch.isPresent() || ifNoneMatch.isPresent();
    return bodies.withJson(
        request,
        body -> {
          List<NewEvent<JsonNode>> events = EventJson.read(ApiJson.read(body));
          AppendBatchInput input = AppendBatchInput.of(id, events).withExpectedVersion(expected);
          return plot.measure(store.tryAppend(input))
              .thenApply(outcome -> appended(id, outcome, precondition));
        });
  }

  private static HttpResponse appended(String id, AppendOutcome outcome, boolean precondition) {
    if (outcome instanceof AppendOutcome.Conflict conflict) {
      return Failures.conflict(precondition ? 412 : 409, conflict.exception()).response();
    }
    AppendOutcome.Stored stored = outcome.orThrow();
    boolean repeated = stored instanceof AppendOutcome.AlreadyAppended;
    ObjectNode json = ApiJson.MAPPER.createObjectNode();
    json.put("streamId", id);
    json.put("currentVersion", stored.currentVersion());
    ArrayNode events = json.putArray("events");
    stored.events().forEach(event -> events.add(EventJson.brief(event)));
    json.put("repeated", repeated);
    boolean nothingNew = repeated || stored.events().isEmpty();
    return Answers.at(stored.currentVersion(), Answers.json(nothingNew ? 200 : 201, json));
  }

  private CompletionStage<HttpResponse> read(String id, HttpRequest request) {
    Parameters parameters =
        new Parameters(request, Set.of("fromVersion", "toVersion", "limit", "reverse"));
    ReadStreamOptions range =
        ReadStreamOptions.all()
            .fromVersion(parameters.number("fromVersion", 1, Long.MAX_VALUE).orElse(1))
            .toVersion(parameters.number("toVersion", 0, Long.MAX_VALUE).orElse(Long.MAX_VALUE));
    if (parameters.flag("reverse")) {
      range = range.reversed();
    }
    if (header(request, "Accept").orElse("").contains("application/x-ndjson")) {
      return lines(id, range, parameters);
    }
    int limit = (int) parameters.number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
    return StreamPages.read(system, store, id, range, limit);
  }

  /** All events, a line each, as fast as the client takes them. */
  private CompletionStage<HttpResponse> lines(
      String id, ReadStreamOptions range, Parameters parameters) {
    var limit = parameters.number("limit", 1, Integer.MAX_VALUE);
    ReadStreamOptions options = limit.isPresent() ? range.limit((int) limit.getAsLong()) : range;
    return store
        .getStreamVersion(id)
        .thenCompose(
            version ->
                StreamPages.begun(system, store.streamEvents(id, options))
                    .thenApply(
                        events ->
                            Answers.at(
                                version,
                                Answers.lines(
                                    events.map(event -> Answers.line(EventJson.write(event)))))));
  }

  private CompletionStage<HttpResponse> version(String id) {
    return store
        .getStreamVersion(id)
        .thenApply(
            version ->
                Answers.at(
                    version,
                    Answers.ok(
                        ApiJson.MAPPER
                            .createObjectNode()
                            .put("streamId", id)
                            .put("version", version))));
  }

  private CompletionStage<HttpResponse> exists(String id) {
    return store
        .streamExists(id)
        .thenApply(
            exists ->
                Answers.ok(
                    ApiJson.MAPPER.createObjectNode().put("streamId", id).put("exists", exists)));
  }

  private CompletionStage<HttpResponse> head(String id) {
    return store
        .getStreamInfo(id)
        .thenApply(
            info -> {
              boolean exists = info.version() > 0 && info.firstVersion() <= info.version();
              return Answers.at(
                  info.version(),
                  exists
                      ? HttpResponse.create()
                      : Problem.notFound("no event is in stream %s".formatted(id)).response());
            });
  }

  static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }
}
