// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.CacheControl;
import org.apache.pekko.http.javadsl.model.headers.CacheDirectives;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Subscriptions, as server-sent events: of one stream, and of the feed of all. */
final class LiveRoutes extends Responder {
  /** A comment, which is no event to a client. */
  private static final Pieces.Heartbeat HEARTBEAT =
      new Pieces.Heartbeat(Duration.ofSeconds(15), ByteString.fromString(":\n\n"));

  private static final String EVENT = "event";
  private static final Pattern SLICES = Pattern.compile("(\\d{1,4})-(\\d{1,4})");

  private final EventStore store;

  LiveRoutes(EventStore store) {
    this.store = store;
  }

  /** What follows {@code /api}. */
  Route route() {
    return concat(
        path("events", () -> get(() -> answer(this::feed))),
        path(
            PathMatchers.segment("streams").slash(PathMatchers.segment()).slash("events"),
            id -> get(() -> answer(request -> stream(id, request)))));
  }

  private CompletionStage<HttpResponse> stream(String id, HttpRequest request) {
    Parameters parameters = new Parameters(request, Set.of("fromVersion"));
    Optional<String> last = StreamRoutes.header(request, "Last-Event-ID");
    long seen = last.map(LiveRoutes::version).orElse(0L);
    long from =
        last.isPresent() ? seen + 1 : parameters.number("fromVersion", 1, Long.MAX_VALUE).orElse(1);
    // Asked first, so that what is wrong is a problem and no broken answer. A client
    // cannot have seen more than this version, even where an append has not been answered yet: a
    // linearizable question waits for the write that is under way.
    return store
        .getStreamVersion(id)
        .thenApply(
            version -> {
              if (seen > version) {
                throw Problem.badRequest(
                        "Last-Event-ID is no version that this stream has had; it may be of another store, and events would be left out. Begin without it")
                    .with("value", seen)
                    .with("streamId", id)
                    .with("currentVersion", version);
              }
              return live(
                  store
                      .subscribeToStream(id, from)
                      .map(event -> sent(event, Long.toString(event.version()))));
            });
  }

  private static long version(String lastEventId) {
    if (!lastEventId.matches("\\d{1,18}")) {
      throw Problem.badRequest("Last-Event-ID is no version of a stream")
          .with("value", lastEventId);
    }
    return Long.parseLong(lastEventId);
  }

  private CompletionStage<HttpResponse> feed(HttpRequest request) {
    Parameters parameters = new Parameters(request, Set.of("category", "type", "slices", "from"));
    Optional<String> last = StreamRoutes.header(request, "Last-Event-ID");
    FeedOffset from = last.map(LiveRoutes::parse).orElseGet(() -> offset(parameters.text("from")));
    FeedFilter filter = filter(parameters);
    // Asked first, so that what is wrong is a problem and no broken answer.
    return store
        .findOffset(from)
        .thenApply(
            begin ->
                live(
                    store
                        .subscribeAll(filter, begin)
                        .map(event -> sent(event.event(), event.offset().toString()))));
  }

  private static FeedOffset offset(String from) {
    if (from.isEmpty() || from.equals("beginning")) {
      return FeedOffset.beginning();
    }
    try {
      return FeedOffset.since(Instant.parse(from));
    } catch (DateTimeParseException noTime) {
      return parse(from);
    }
  }

  private static FeedOffset parse(String offset) {
    try {
      return FeedOffset.parse(offset);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(
              "neither beginning, now, a time such as 2026-01-31T12:00:00Z, nor an offset that this"
                  + " feed gave as an event's id")
          .with("value", offset);
    }
  }

  private static FeedFilter filter(Parameters parameters) {
    FeedFilter filter = FeedFilter.all();
    if (!parameters.text("category").isEmpty()) {
      filter = filter.category(parameters.text("category"));
    }
    if (!parameters.text("type").isEmpty()) {
      filter = filter.eventType(parameters.text("type"));
    }
    if (parameters.has("slices")) {
      Matcher range = SLICES.matcher(parameters.text("slices"));
      int min = range.matches() ? Integer.parseInt(range.group(1)) : 1;
      int max = range.matches() ? Integer.parseInt(range.group(2)) : 0;
      if (min > max || max >= FeedFilter.NUMBER_OF_SLICES) {
        throw Problem.badRequest("slices is no range within 0-1023, such as 0-511")
            .with("value", parameters.text("slices"));
      }
      filter = filter.slices(min, max);
    }
    return filter;
  }

  private static ServerSentEvent sent(StreamDomainEvent<?> event, String id) {
    String json = new String(ApiJson.write(EventJson.write(event)), StandardCharsets.UTF_8);
    return ServerSentEvent.create(json, Optional.of(EVENT), Optional.of(id), OptionalInt.empty());
  }

  /** Begins with a heartbeat: without any bytes the status and the headers would wait too. */
  private static HttpResponse live(Source<ServerSentEvent, NotUsed> events) {
    return HttpResponse.create()
        .addHeader(CacheControl.create(CacheDirectives.NO_STORE))
        .withEntity(
            HttpEntities.createChunked(
                MediaTypes.TEXT_EVENT_STREAM.toContentType(),
                Source.single(HEARTBEAT.bytes())
                    .concatLazy(events.map(LiveRoutes::encoded).via(new Pieces(HEARTBEAT)))));
  }

  private static ByteString encoded(ServerSentEvent event) {
    return ((org.apache.pekko.http.scaladsl.model.sse.ServerSentEvent) event).encode();
  }
}
