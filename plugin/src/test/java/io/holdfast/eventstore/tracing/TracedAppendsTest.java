// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import static io.holdfast.eventstore.tracing.RecordedSpans.CALLER;
import static io.holdfast.eventstore.tracing.RecordedSpans.CALLER_SPAN;
import static io.holdfast.eventstore.tracing.RecordedSpans.TRACE;
import static io.holdfast.eventstore.tracing.ScriptedStore.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.OptionalLibrary;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.AppendResult;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.OverloadedException;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.StreamClosedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TracedAppendsTest {
  private static final NewEvent<String> EVENT = NewEvent.of("Sold", "x");
  private static final AppendEventInput<String> INPUT =
      AppendEventInput.of("order-17", EVENT).withExpectedVersion(4);
  private static final AppendBatchInput BATCH =
      AppendBatchInput.of("order-17", List.of(EVENT, EVENT.withId("b")));
  private static final StreamDomainEvent<String> STORED =
      new StreamDomainEvent<>("id", "order-17", "Sold", 5, 9, "x", EventMetadata.empty());

  private RecordedSpans spans = new RecordedSpans(TextMapPropagator.noop());

  @AfterEach
  void close() {
    spans.close();
  }

  private TracingEventStore tracing(ScriptedStore store) {
    return TracingEventStore.of(store.store(), spans.openTelemetry());
  }

  private static ScriptedStore answering(Object result) {
    return new ScriptedStore(CompletableFuture.completedFuture(result));
  }

  private static ScriptedStore failing(Throwable failure) {
    return new ScriptedStore(CompletableFuture.failedFuture(failure));
  }

  private static AppendEventInput<?> given(ScriptedStore store) {
    return (AppendEventInput<?>) store.call().arguments().get(0);
  }

  private static Map<String, Object> metadata(ScriptedStore store) {
    return given(store).event().metadata().entries();
  }

  private static String traceParent(SpanData span) {
    return "00-%s-%s-%s"
        .formatted(
            span.getTraceId(), span.getSpanId(), span.getSpanContext().getTraceFlags().asHex());
  }

  @Test
  void appendsWithinASpanOfTheCallersTrace() {
    AppendResult<String> result = new AppendResult<>(STORED, 5);
    ScriptedStore store = answering(result);
    CompletionStage<AppendResult<String>> stage =
        CALLER.wrapSupplier(() -> tracing(store).append(INPUT)).get();
    assertThat(stage).isCompletedWithValue(result);
    SpanData span = spans.span();
    assertThat(span.getName()).isEqualTo("holdfast.append");
    assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(CALLER_SPAN);
    assertThat(span.getStatus()).isEqualTo(StatusData.unset());
    assertThat(span.getAttributes().asMap())
        .isEqualTo(
            Attributes.builder()
                .put("holdfast.stream.id", "order-17")
                .put("holdfast.event.count", 1)
                .put("holdfast.expected_version", "at version 4")
                .put("holdfast.stream.version", 5)
                .put("holdfast.outcome", "appended")
                .build()
                .asMap());
    assertThat(given(store).expectedVersion()).isEqualTo(ExpectedVersion.exactly(4));
    assertThat(metadata(store))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("traceparent", traceParent(span), "tracestate", "vendor=v1"));
  }

  @Test
  void beginsATraceWhereThereIsNone() {
    ScriptedStore store = answering(new AppendResult<>(STORED, 5));
    tracing(store).append(INPUT);
    assertThat(spans.span().getParentSpanContext().isValid()).isFalse();
    assertThat(metadata(store))
        .containsExactlyEntriesOf(Map.of("traceparent", traceParent(spans.span())));
  }

  @Test
  void everyEventOfABatchCarriesTheSameContext() {
    ScriptedStore store = answering(new AppendBatchResult(List.of(STORED, STORED), 6));
    tracing(store).appendBatch(BATCH);
    AppendBatchInput given = (AppendBatchInput) store.call().arguments().get(0);
    assertThat(given.events())
        .isEqualTo(
            BATCH.events().stream()
                .map(
                    event ->
                        event.withMetadata(
                            EventMetadata.empty().with("traceparent", traceParent(spans.span()))))
                .toList());
    assertThat(spans.span().getAttributes().asMap())
        .containsEntry(AttributeKey.longKey("holdfast.event.count"), 2L)
        .containsEntry(AttributeKey.longKey("holdfast.stream.version"), 6L)
        .containsEntry(AttributeKey.stringKey("holdfast.expected_version"), "at any version")
        .containsEntry(AttributeKey.stringKey("holdfast.outcome"), "appended");
  }

  @Test
  void addsToTheCallersMetadataAndReplacesNothing() {
    EventMetadata own = EventMetadata.empty().withUserId("ann").with("shop", 3);
    ScriptedStore store = answering(new AppendResult<>(STORED, 5));
    tracing(store).append(AppendEventInput.of("s", EVENT.withMetadata(own)));
    assertThat(given(store).event().metadata())
        .isEqualTo(own.with("traceparent", traceParent(spans.span())));
    for (String entry : List.of("traceparent", "tracestate")) {
      NewEvent<String> traced = EVENT.withMetadata(own.with(entry, "mine"));
      ScriptedStore other = answering(new AppendResult<>(STORED, 5));
      TracingEventStore tracing = tracing(other).within(CALLER);
      tracing.append(AppendEventInput.of("s", traced));
      assertThat(given(other).event()).isEqualTo(traced);
    }
  }

  @Test
  void storesNoBaggage() {
    spans =
        new RecordedSpans(
            TextMapPropagator.composite(
                W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance()));
    ScriptedStore store = answering(new AppendResult<>(STORED, 5));
    Context context = CALLER.with(Baggage.builder().put("secret", "1").build());
    tracing(store).within(context).append(INPUT);
    assertThat(metadata(store)).containsOnlyKeys("traceparent", "tracestate");
  }

  @Test
  void writesMetadataWithTheConfiguredPropagatorIfThatKnowsTraceParent() {
    spans = new RecordedSpans(fixed("traceparent", "custom"));
    ScriptedStore store = answering(new AppendResult<>(STORED, 5));
    tracing(store).append(INPUT);
    assertThat(metadata(store)).containsExactlyEntriesOf(Map.of("traceparent", "custom"));
    spans = new RecordedSpans(fixed("b3", "custom"));
    ScriptedStore other = answering(new AppendResult<>(STORED, 5));
    tracing(other).append(INPUT);
    assertThat(metadata(other))
        .containsExactlyEntriesOf(Map.of("traceparent", traceParent(spans.span())));
  }

  private static TextMapPropagator fixed(String field, String value) {
    return new TextMapPropagator() {
      @Override
      public List<String> fields() {
        return List.of(field);
      }

      @Override
      public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
        setter.set(carrier, field, value);
      }

      @Override
      public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
        throw new AssertionError();
      }
    };
  }

  @Test
  void handsTheCallersContextOnWhereNothingIsRecorded() {
    ScriptedStore store = answering(new AppendResult<>(STORED, 5));
    TracingEventStore.of(store.store(), OpenTelemetry.noop()).within(CALLER).append(INPUT);
    assertThat(metadata(store))
        .containsEntry("traceparent", "00-%s-%s-01".formatted(TRACE, CALLER_SPAN));
    ScriptedStore untraced = answering(new AppendResult<>(STORED, 5));
    TracingEventStore.of(untraced.store(), OpenTelemetry.noop()).append(INPUT);
    assertThat(metadata(untraced)).isEmpty();
  }

  static Stream<AppendOutcome.Refused> refusals() {
    return Stream.of(
        new AppendOutcome.Conflict(
            new ConcurrencyException("order-17", ExpectedVersion.exactly(4), 7, null)),
        new AppendOutcome.Rejected(new RejectedException("order-17", "too large")),
        new AppendOutcome.Rejected(new StreamClosedException("order-17")),
        new AppendOutcome.Overloaded(new OverloadedException("order-17", "too many")),
        new AppendOutcome.Unavailable(new UnavailableException("order-17", "no quorum")),
        new AppendOutcome.Unknown(new UnknownOutcomeException("order-17", "no answer")));
  }

  private void assertRefused(AppendOutcome.Refused refused) {
    SpanData span = spans.ended().get(spans.ended().size() - 1);
    EventStoreException exception = refused.exception();
    boolean error =
        !(refused instanceof AppendOutcome.Conflict || refused instanceof AppendOutcome.Rejected);
    assertThat(span.getStatus())
        .isEqualTo(
            error
                ? StatusData.create(StatusCode.ERROR, exception.getMessage())
                : StatusData.unset());
    assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo(error ? exception.getClass().getName() : null);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("holdfast.outcome")))
        .isEqualToIgnoringCase(refused.getClass().getSimpleName());
    assertThat(span.getAttributes().get(AttributeKey.longKey("holdfast.stream.version"))).isNull();
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void saysWhyAnAppendWasRefusedAndFailsWithTheSameException(AppendOutcome.Refused refused) {
    EventStoreException exception = refused.exception();
    for (Throwable failure : List.of(exception, new CompletionException(exception))) {
      assertThat(failure(tracing(failing(failure)).append(INPUT))).isSameAs(exception);
      assertRefused(refused);
      assertThat(failure(tracing(failing(failure)).appendBatch(BATCH))).isSameAs(exception);
      assertRefused(refused);
    }
    assertThat(tracing(answering(refused)).tryAppend(INPUT)).isCompletedWithValue(refused);
    assertRefused(refused);
    assertThat(tracing(answering(refused)).tryAppend(BATCH)).isCompletedWithValue(refused);
    assertRefused(refused);
  }

  @Test
  void tellsWhatWasStoredAlready() {
    tracing(answering(new AppendOutcome.Appended(List.of(STORED), 5))).tryAppend(INPUT);
    tracing(answering(new AppendOutcome.AlreadyAppended(List.of(STORED), 5))).tryAppend(BATCH);
    assertThat(spans.ended())
        .extracting(span -> span.getAttributes().get(AttributeKey.stringKey("holdfast.outcome")))
        .containsExactly("appended", "already_appended");
    assertThat(spans.ended())
        .extracting(
            span -> span.getAttributes().get(AttributeKey.longKey("holdfast.stream.version")))
        .containsExactly(5L, 5L);
    assertThat(spans.ended()).extracting(SpanData::getStatus).containsOnly(StatusData.unset());
  }

  @Test
  void aDefectIsAnErrorAndPassedOn() {
    IllegalStateException defect = new IllegalStateException("defect");
    assertThat(failure(tracing(failing(defect)).tryAppend(INPUT))).isSameAs(defect);
    assertThatThrownBy(() -> tracing(new ScriptedStore(defect)).append(INPUT)).isSameAs(defect);
    assertThat(spans.ended())
        .hasSize(2)
        .allSatisfy(
            span -> {
              assertThat(span.getStatus().getDescription()).isEqualTo("defect");
              assertThat(span.getAttributes().asMap())
                  .containsEntry(AttributeKey.stringKey("holdfast.outcome"), "failed")
                  .containsEntry(
                      AttributeKey.stringKey("error.type"), "java.lang.IllegalStateException");
            });
    assertThat(Context.current()).isSameAs(Context.root());
  }

  @Test
  void theSpanIsCurrentOnlyWhileTheAppendIsStartedAndEndsBeforeItsStage() {
    CompletableFuture<AppendResult<String>> open = new CompletableFuture<>();
    ScriptedStore store = new ScriptedStore(open);
    AtomicReference<Context> inCallback = new AtomicReference<>();
    AtomicReference<List<SpanData>> endedBefore = new AtomicReference<>();
    CompletionStage<AppendResult<String>> stage = tracing(store).within(CALLER).append(INPUT);
    stage.whenComplete(
        (result, failure) -> {
          inCallback.set(Context.current());
          endedBefore.set(spans.ended());
        });
    assertThat(Context.current()).isSameAs(Context.root());
    assertThat(spans.ended()).isEmpty();
    open.complete(new AppendResult<>(STORED, 5));
    assertThat(inCallback.get()).isSameAs(Context.root());
    assertThat(endedBefore.get()).hasSize(1);
    assertThat(Span.fromContext(store.call().context()).getSpanContext().getSpanId())
        .isEqualTo(spans.span().getSpanId());
  }

  @Test
  void nothingElseNeedsOpenTelemetry() throws Exception {
    OptionalLibrary.assertOnlyNeededBy(
        "opentelemetry",
        name -> name.startsWith("io.holdfast.eventstore.tracing."),
        TracingEventStore.class);
  }
}
