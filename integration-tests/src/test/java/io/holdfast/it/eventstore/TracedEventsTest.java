// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.tracing.TracingEventStore;
import io.holdfast.it.TestCluster;
import io.holdfast.testkit.CassandraExtension;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A trace goes through Cassandra, from who appends to who subscribes. */
class TracedEventsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

  private List<SpanData> spans(String name) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .toList();
  }

  @Test
  void linksWhatIsDeliveredToTheAppendThatStoredIt() {
    SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
    AppendEventInput<?> input =
        AppendEventInput.of("traced", NewEvent.of("Happened", Map.of("a", 1)).withId("e1"));
    try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setTracerProvider(provider).build();
        TestCluster cluster = TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, "")) {
      TracingEventStore store = TracingEventStore.of(cluster.store(0), sdk);
      Span caller = sdk.getTracer("test").spanBuilder("caller").startSpan();
      TracingEventStore within = store.within(Context.root().with(caller));
      get(within.append(input));
      get(within.append(AppendEventInput.of("traced", "Happened", Map.of("a", 2))));
      caller.end();
      assertThat(get(store.tryAppend(input))).isInstanceOf(AppendOutcome.AlreadyAppended.class);

      List<SpanData> appends = spans("holdfast.append");
      assertThat(appends)
          .extracting(span -> span.getParentSpanContext())
          .containsExactly(
              caller.getSpanContext(), caller.getSpanContext(), SpanContext.getInvalid());
      List<StreamDomainEvent<?>> stored = get(cluster.store(0).readStream("traced")).events();
      assertThat(stored)
          .extracting(event -> event.metadata().entries())
          .isEqualTo(
              List.of(
                  Map.of("traceparent", traceParent(appends.get(0))),
                  Map.of("traceparent", traceParent(appends.get(1)))));

      List<StreamDomainEvent<?>> delivered =
          get(
              store
                  .subscribeToStream("traced", 1)
                  .take(2)
                  .runWith(Sink.seq(), cluster.node(0).system()));
      assertThat(delivered).isEqualTo(stored);
      List<SpanData> consumed = spans("holdfast.event").subList(0, 2);
      for (int i = 0; i < 2; i++) {
        SpanContext context =
            Span.fromContext(TracingEventStore.contextOf(delivered.get(i))).getSpanContext();
        assertThat(context.getSpanId()).isEqualTo(appends.get(i).getSpanId());
        assertThat(context.getTraceId()).isEqualTo(caller.getSpanContext().getTraceId());
        assertThat(consumed.get(i).getLinks()).containsExactly(LinkData.create(context));
      }
    }
  }

  private static String traceParent(SpanData span) {
    return "00-%s-%s-%s"
        .formatted(
            span.getTraceId(), span.getSpanId(), span.getSpanContext().getTraceFlags().asHex());
  }
}
