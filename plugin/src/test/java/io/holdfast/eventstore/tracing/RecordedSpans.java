// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import io.holdfast.test.Patience;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An OpenTelemetry of the test's own, and the spans that ended in it. */
final class RecordedSpans implements AutoCloseable {
  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  static final String CALLER_SPAN = "b7ad6b7169203331";

  /** The context of a caller far away. */
  static final Context CALLER =
      Context.root()
          .with(
              Span.wrap(
                  SpanContext.createFromRemoteParent(
                      TRACE,
                      CALLER_SPAN,
                      TraceFlags.getSampled(),
                      TraceState.builder().put("vendor", "v1").build())));

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final Semaphore ends = new Semaphore(0);
  private final OpenTelemetrySdk sdk;

  RecordedSpans(TextMapPropagator propagator) {
    this.sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .addSpanProcessor(counting())
                    .build())
            .setPropagators(ContextPropagators.create(propagator))
            .build();
  }

  private SpanProcessor counting() {
    return new SpanProcessor() {
      @Override
      public void onStart(Context parent, ReadWriteSpan span) {}

      @Override
      public boolean isStartRequired() {
        return false;
      }

      @Override
      public void onEnd(ReadableSpan span) {
        ends.release();
      }

      @Override
      public boolean isEndRequired() {
        return true;
      }
    };
  }

  OpenTelemetry openTelemetry() {
    return sdk;
  }

  List<SpanData> ended() {
    return exporter.getFinishedSpanItems();
  }

  /** The only span. */
  SpanData span() {
    if (ended().size() != 1) {
      throw new AssertionError("expected one span, but got " + ended());
    }
    return ended().get(0);
  }

  /** The only span, once it has ended. */
  SpanData awaitSpan() throws InterruptedException {
    if (!ends.tryAcquire(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("no span has ended");
    }
    return span();
  }

  @Override
  public void close() {
    sdk.close();
  }
}
