// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import static io.holdfast.eventstore.tracing.RecordedSpans.CALLER;
import static io.holdfast.eventstore.tracing.RecordedSpans.CALLER_SPAN;
import static io.holdfast.eventstore.tracing.RecordedSpans.TRACE;
import static io.holdfast.eventstore.tracing.ScriptedStore.event;
import static io.holdfast.eventstore.tracing.ScriptedStore.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.StreamInfo;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.test.Patience;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TracedReadsTest {
  private static final StreamDomainEvent<?> ONE = event(1, EventMetadata.empty());
  private static final StreamDomainEvent<?> TWO = event(2, EventMetadata.empty());
  private static final StreamInfo INFO =
      new StreamInfo("order-17", 7, 1, false, StreamMetadata.none());

  private static ActorSystem system;

  private final UnavailableException unavailable =
      new UnavailableException("order-17", "no quorum");
  private final RecordedSpans spans = new RecordedSpans(TextMapPropagator.noop());

  @BeforeAll
  static void start() {
    system = ActorSystem.create("tracing");
  }

  @AfterAll
  static void stop() throws Exception {
    system.terminate();
    Patience.get(system.getWhenTerminated());
  }

  @AfterEach
  void close() {
    spans.close();
  }

  private TracingEventStore tracing(Object answer) {
    return TracingEventStore.of(new ScriptedStore(answer).store(), spans.openTelemetry());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return Patience.get(stage);
  }

  record Read(
      String span,
      Function<EventStore, CompletionStage<?>> operation,
      Object answer,
      Attributes attributes) {
    @Override
    public String toString() {
      return span;
    }
  }

  private static Attributes ofStream(String key, long value) {
    return Attributes.builder().put("holdfast.stream.id", "order-17").put(key, value).build();
  }

  static Stream<Read> operations() {
    Attributes version = ofStream("holdfast.stream.version", 7);
    return Stream.of(
        new Read(
            "holdfast.read",
            store -> store.readStream("order-17"),
            new ReadStreamResult(List.of(ONE, TWO), OptionalLong.of(3), 7),
            version.toBuilder().put("holdfast.event.count", 2).build()),
        new Read(
            "holdfast.read_last",
            store -> store.readLastEvent("order-17"),
            Optional.of(TWO),
            ofStream("holdfast.event.count", 1).toBuilder()
                .put("holdfast.event.version", 2)
                .build()),
        new Read(
            "holdfast.read_last",
            store -> store.readLastEvent("order-17"),
            Optional.empty(),
            ofStream("holdfast.event.count", 0)),
        new Read("holdfast.version", store -> store.getStreamVersion("order-17"), 7L, version),
        new Read(
            "holdfast.versions",
            store -> store.getStreamVersions(List.of("a", "b")),
            Map.of("a", 1L, "b", 2L),
            Attributes.builder().put("holdfast.stream.count", 2).build()),
        new Read(
            "holdfast.exists",
            store -> store.streamExists("order-17"),
            true,
            Attributes.builder().put("holdfast.stream.id", "order-17").build()),
        new Read("holdfast.info", store -> store.getStreamInfo("order-17"), INFO, version),
        new Read("holdfast.truncate", store -> store.truncateStream("order-17", 3), INFO, version),
        new Read("holdfast.delete", store -> store.deleteStream("order-17"), INFO, version),
        new Read("holdfast.close", store -> store.closeStream("order-17"), INFO, version),
        new Read(
            "holdfast.set_metadata",
            store -> store.setStreamMetadata("order-17", StreamMetadata.none()),
            INFO,
            version));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationIsASpan(Read read) {
    TracingEventStore store = tracing(CompletableFuture.completedFuture(read.answer));
    CompletionStage<?> stage = CALLER.wrapSupplier(() -> read.operation.apply(store)).get();
    assertThat(stage.toCompletableFuture().getNow(null)).isSameAs(read.answer);
    SpanData span = spans.span();
    assertThat(span.getName()).isEqualTo(read.span);
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(CALLER_SPAN);
    assertThat(span.getStatus()).isEqualTo(StatusData.unset());
    assertThat(span.getAttributes().asMap())
        .isEqualTo(read.attributes.toBuilder().put("holdfast.outcome", "success").build().asMap());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationFailsAsItWouldUntraced(Read read) {
    TracingEventStore store = tracing(CompletableFuture.failedFuture(unavailable));
    assertThat(failure(read.operation.apply(store))).isSameAs(unavailable);
    assertThat(spans.span().getStatus())
        .isEqualTo(StatusData.create(StatusCode.ERROR, "no quorum"));
    assertThat(outcome(spans.span())).isEqualTo("unavailable");
  }

  private static String outcome(SpanData span) {
    return span.getAttributes().get(AttributeKey.stringKey("holdfast.outcome"));
  }

  private static Long events(SpanData span) {
    return span.getAttributes().get(AttributeKey.longKey("holdfast.event.count"));
  }

  private Source<StreamDomainEvent<?>, NotUsed> streamed(
      Source<StreamDomainEvent<?>, NotUsed> source) {
    return CALLER
        .wrapSupplier(() -> tracing(source).streamEvents("order-17", ReadStreamOptions.all()))
        .get();
  }

  @Test
  void everyRunOfASourceIsASpan() throws Exception {
    Source<StreamDomainEvent<?>, NotUsed> source = streamed(Source.from(List.of(ONE, TWO)));
    assertThat(spans.ended()).isEmpty();
    for (int run = 1; run <= 2; run++) {
      assertThat(get(source.runWith(Sink.seq(), system))).isEqualTo(List.of(ONE, TWO));
      assertThat(spans.ended()).hasSize(run);
    }
    assertThat(spans.ended().get(0).getSpanId()).isNotEqualTo(spans.ended().get(1).getSpanId());
    assertThat(spans.ended())
        .allSatisfy(
            span -> {
              assertThat(span.getName()).isEqualTo("holdfast.stream");
              assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
              assertThat(span.getTraceId()).isEqualTo(TRACE);
              assertThat(span.getParentSpanId()).isEqualTo(CALLER_SPAN);
              assertThat(span.getAttributes().asMap())
                  .isEqualTo(
                      ofStream("holdfast.event.count", 2).toBuilder()
                          .put("holdfast.outcome", "success")
                          .build()
                          .asMap());
            });
  }

  @Test
  void aRunThatFailsSaysWhy() {
    Source<StreamDomainEvent<?>, NotUsed> source =
        streamed(
            Source.<StreamDomainEvent<?>>from(List.of(ONE, TWO))
                .map(
                    event -> {
                      if (event.version() == 2) {
                        throw unavailable;
                      }
                      return event;
                    }));
    assertThatThrownBy(() -> get(source.runWith(Sink.ignore(), system)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isSameAs(unavailable);
    assertThat(spans.span().getStatus())
        .isEqualTo(StatusData.create(StatusCode.ERROR, "no quorum"));
    assertThat(outcome(spans.span())).isEqualTo("unavailable");
    assertThat(events(spans.span())).isEqualTo(1);
  }

  @Test
  void aRunThatIsCancelledEnds() throws Exception {
    List<StreamDomainEvent<?>> taken =
        get(streamed(Source.repeat(ONE)).take(3).runWith(Sink.seq(), system));
    assertThat(taken).hasSize(3);
    SpanData span = spans.awaitSpan();
    assertThat(outcome(span)).isEqualTo("cancelled");
    assertThat(events(span)).isEqualTo(3);
    assertThat(span.getStatus()).isEqualTo(StatusData.unset());
  }

  @Test
  void aRunWhoseMaterializerStopsEnds() throws Exception {
    Materializer materializer = Materializer.createMaterializer(system);
    CompletableFuture<StreamDomainEvent<?>> seen = new CompletableFuture<>();
    CompletionStage<Done> run =
        streamed(Source.<StreamDomainEvent<?>>single(ONE).concat(Source.never()))
            .runForeach(seen::complete, materializer);
    get(seen);
    assertThat(spans.ended()).isEmpty();
    materializer.shutdown();
    assertThatThrownBy(() -> get(run)).isInstanceOf(ExecutionException.class);
    assertThat(outcome(spans.awaitSpan())).isEqualTo("cancelled");
  }

  @Test
  void everyDeliveredEventIsASpanLinkedToItsAppend() throws Exception {
    ScriptedStore recording = new ScriptedStore(new CompletableFuture<>());
    TracingEventStore.of(recording.store(), OpenTelemetry.noop())
        .within(CALLER)
        .append(AppendEventInput.of("order-17", "Sold", "x"));
    EventMetadata traced =
        ((AppendEventInput<?>) recording.call().arguments().get(0)).event().metadata();
    List<StreamDomainEvent<?>> events = List.of(event(1, traced), TWO);
    Source<StreamDomainEvent<?>, NotUsed> source =
        CALLER
            .wrapSupplier(() -> tracing(Source.from(events)).subscribeToStream("order-17", 1))
            .get();
    assertThat(spans.ended()).isEmpty();
    assertThat(get(source.runWith(Sink.seq(), system))).isEqualTo(events);
    assertThat(spans.ended())
        .hasSize(2)
        .allSatisfy(
            span -> {
              assertThat(span.getName()).isEqualTo("holdfast.event");
              assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
              assertThat(span.getParentSpanContext().isValid()).isFalse();
              assertThat(span.getTraceId()).isNotEqualTo(TRACE);
            });
    assertThat(spans.ended().get(0).getAttributes().asMap())
        .isEqualTo(
            ofStream("holdfast.event.version", 1).toBuilder()
                .put("holdfast.event.id", "id-1")
                .put("holdfast.event.type", "Sold")
                .build()
                .asMap());
    assertThat(spans.ended().get(0).getLinks())
        .containsExactly(
            LinkData.create(
                Span.fromContext(TracingEventStore.contextOf(events.get(0))).getSpanContext()));
    assertThat(spans.ended().get(1).getLinks()).isEmpty();
  }

  @Test
  void aHandlerContinuesTheTraceOfAnEvent() {
    EventMetadata metadata =
        EventMetadata.empty()
            .with("traceparent", "00-%s-%s-01".formatted(TRACE, CALLER_SPAN))
            .with("tracestate", "vendor=v1");
    SpanContext found =
        Span.fromContext(TracingEventStore.contextOf(event(1, metadata))).getSpanContext();
    assertThat(found).isEqualTo(Span.fromContext(CALLER).getSpanContext());
    assertThat(found.isRemote()).isTrue();
    for (Object invalid : List.of("", "00-x", 17, List.of("00"), Map.of("a", 1))) {
      StreamDomainEvent<?> event = event(1, EventMetadata.empty().with("traceparent", invalid));
      assertThat(TracingEventStore.contextOf(event)).isSameAs(Context.root());
    }
    assertThat(TracingEventStore.contextOf(ONE)).isSameAs(Context.root());
  }

  @Test
  void everySpanAndAttributeIsExplained() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "tracing.md"));
    assertThat(page).contains("`holdfast.append`", "`holdfast.stream`", "`holdfast.event`");
    assertThat(operations()).allSatisfy(read -> assertThat(page).contains("`" + read.span + "`"));
    for (Field field : SpanAttributes.class.getDeclaredFields()) {
      if (field.getType() == AttributeKey.class) {
        assertThat(page).contains("`" + field.get(null) + "`");
      }
    }
  }
}
