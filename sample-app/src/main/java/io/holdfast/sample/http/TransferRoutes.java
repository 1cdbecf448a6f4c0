// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.sample.cloudevents.CloudEventParser;
import io.holdfast.sample.cloudevents.CloudEventWriter;
import io.holdfast.sample.cloudevents.EventLimits;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Compression;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.FramingTruncation;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Import and export of CloudEvents, one JSON object a line. */
final class TransferRoutes extends Responder {
  private static final Set<String> MEDIA_TYPES =
      Set.of("application/x-ndjson", "application/cloudevents-batch+json-lines");
  private static final int WINDOW_LINES = 500;
  private static final long WINDOW_BYTES = 2 << 20;
  private static final int MAX_LINE_BYTES = 2 << 20;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int MAX_IMPORTS = 2;

  private final ActorSystem<?> system;
  private final EventStore store;
  private final StreamList streams;
  private final AppendPlot plot;
  private final HttpSettings settings;
  private final CloudEventParser parser;
  private final CloudEventWriter writer = new CloudEventWriter(ApiJson.MAPPER);
  private final Semaphore imports = new Semaphore(MAX_IMPORTS);

  TransferRoutes(
      ActorSystem<?> system,
      EventStore store,
      StreamList streams,
      AppendPlot plot,
      HttpSettings settings) {
    this.plot = plot;
    this.system = system;
    this.store = store;
    this.streams = streams;
    this.settings = settings;
    this.parser = new CloudEventParser(EventLimits.of(system.settings().config()));
  }

  /** What follows {@code /api}. */
  Route route() {
    return concat(
        path("import", () -> post(() -> answer(this::importLog))),
        path("export", () -> get(() -> answer(this::export))));
  }

  private CompletionStage<HttpResponse> export(HttpRequest request) {
    String prefix = new Parameters(request, Set.of("prefix")).text("prefix");
    Source<ByteString, NotUsed> lines =
        streams
            .all(prefix)
            .flatMapConcat(id -> store.streamEvents(id, ReadStreamOptions.all()))
            .map(event -> Answers.line(writer.write(event)));
    return Answers.begun(system, lines).thenApply(Answers::lines);
  }

  private CompletionStage<HttpResponse> importLog(HttpRequest request) {
    String type = request.entity().getContentType().mediaType().toString();
    String encoding =
        StreamRoutes.header(request, "Content-Encoding")
            .orElse("identity")
            .toLowerCase(Locale.ROOT);
    if (!MEDIA_TYPES.contains(type)) {
      return refuse(request, "the body must be application/x-ndjson", type);
    } else if (!encoding.equals("identity") && !encoding.equals("gzip")) {
      return refuse(request, "the Content-Encoding must be gzip or none", encoding);
    } else if (!imports.tryAcquire()) {
      request.discardEntityBytes(system);
      throw Problem.of(429, "overloaded", "this node imports as many logs as it may at a time")
          .with("limit", MAX_IMPORTS)
          .with("outcome", "unavailable")
          .retryAfter(2);
    }
    return run(request, encoding.equals("gzip"));
  }

  private <T> CompletionStage<T> refuse(HttpRequest request, String detail, String value) {
    request.discardEntityBytes(system);
    return CompletableFuture.failedFuture(Failures.unsupported(detail, value));
  }

  private CompletionStage<HttpResponse> run(HttpRequest request, boolean gzip) {
    CloudEventImport log = new CloudEventImport(system, store, parser, plot);
    return windows(request, gzip)
        .mapAsync(1, window -> log.window(window).thenApply(done -> log.count().progress()))
        .prefixAndTail(1)
        .runWith(Sink.head(), system)
        .thenApply(
            begun -> {
              if (log.count().hasNothingButFailures()) {
                begun.second().runWith(Sink.cancelled(), system);
                throw Problem.badRequest(
                    "none of the first lines is an event that can be imported; "
                        + log.count().firstFailure());
              }
              return Answers.lines(progress(begun.first(), begun.second(), log.count()));
            });
  }

  private Source<List<ByteString>, Object> windows(HttpRequest request, boolean gzip) {
    Source<ByteString, Object> bytes =
        request.entity().withSizeLimit(settings.maxImportBytes()).getDataBytes();
    Source<ByteString, Object> plain =
        gzip ? bytes.via(Compression.gzipDecompress(CHUNK_BYTES)) : bytes;
    return plain
        .limitWeighted(settings.maxImportBytes(), chunk -> (long) chunk.size())
        .via(Framing.delimiter(Answers.NEW_LINE, MAX_LINE_BYTES, FramingTruncation.ALLOW))
        .idleTimeout(settings.bodyTimeout())
        .mapError(TimeoutException.class, idle -> slowBody())
        .groupedWeighted(WINDOW_BYTES, line -> line.size() + WINDOW_BYTES / WINDOW_LINES)
        .watchTermination(
            (before, ended) -> {
              ended.whenComplete((done, failure) -> imports.release());
              return before;
            });
  }

  private Problem slowBody() {
    return Failures.slowBody(
        "no line of the body arrived for %d s".formatted(settings.bodyTimeout().toSeconds()));
  }

  /** What an import says while it works, and at its end, whatever that is. */
  private Source<ByteString, NotUsed> progress(
      List<ObjectNode> first, Source<ObjectNode, NotUsed> tail, ImportCount count) {
    return Source.from(first)
        .concat(tail)
        .mapError(
            Throwable.class,
            failure -> {
              count.failed(0, "the import ended early: " + Failures.problem(failure).getMessage());
              return failure;
            })
        .onErrorComplete()
        .concatLazy(Source.lazySingle(count::end)) // concat would ask for the end at once
        .map(Answers::line);
  }
}
