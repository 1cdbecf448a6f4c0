// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendBatchResult;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.AppendResult;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.StreamInfo;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * An event store that traces another one with OpenTelemetry. Thread-safe; the stages and sources of
 * the other store keep their meaning, and fail with the same exceptions.
 *
 * <p>Every operation is a span, whose parent is the context that is current on the caller's thread.
 * Each appended event carries the context of its append's span in its metadata, as the entries
 * {@code traceparent} and {@code tracestate} of the <a
 * href="https://www.w3.org/TR/trace-context/">W3C</a>; an event to which the caller gave one of
 * them is left as it is. Where events are recognized by their ids, their metadata is not compared:
 * an append may be repeated within another trace, and the events keep the context of the append
 * that stored them. A subscription makes a span of kind consumer for each event that it delivers,
 * linked to that context; {@link #contextOf} lets a handler continue the trace.
 *
 * <pre>{@code
 * EventStore store = TracingEventStore.of(EventStore.start(system), openTelemetry);
 * store.subscribeToStream("Order|17", 1).runForeach(
 *     event -> TracingEventStore.contextOf(event).wrap(() -> handle(event)).run(), system);
 * }</pre>
 *
 * <p>Spans and attributes are listed in {@code docs/tracing.md}. Conflicts and rejections are no
 * errors of a span; what is unavailable, overloaded or of unknown outcome is.
 */
public final class TracingEventStore implements EventStore {
  private static final String INSTRUMENTATION = "io.holdfast";

  private final EventStore store;
  private final Tracer tracer;
  private final TraceMetadata metadata;
  private final Supplier<Context> parent;

  private TracingEventStore(
      EventStore store, Tracer tracer, TraceMetadata metadata, Supplier<Context> parent) {
    this.store = store;
    this.tracer = tracer;
    this.metadata = metadata;
    this.parent = parent;
  }

  /**
   * Traces a store.
   *
   * @param openTelemetry makes the spans; its propagator writes the metadata if it writes {@code
   *     traceparent}, and the one of the W3C otherwise. The global instance is never used
   */
  public static TracingEventStore of(EventStore store, OpenTelemetry openTelemetry) {
    return new TracingEventStore(
        requireNonNull(store, "store"),
        requireNonNull(openTelemetry, "openTelemetry").getTracer(INSTRUMENTATION),
        new TraceMetadata(openTelemetry.getPropagators().getTextMapPropagator()),
        Context::current);
  }

  /**
   * The same store for a caller that has its context elsewhere than on its thread: in a callback of
   * an earlier stage, or in what appends later by itself, such as a {@link
   * io.holdfast.eventstore.decider.CommandHandler}.
   *
   * @param context the parent of every span, whatever is current
   */
  public TracingEventStore within(Context context) {
    requireNonNull(context, "context");
    return new TracingEventStore(store, tracer, metadata, () -> context);
  }

  /**
   * The context in which an event was appended, from its metadata; the root context if it carries
   * none, or none that is valid.
   */
  public static Context contextOf(StreamDomainEvent<?> event) {
    return TraceMetadata.context(event.metadata());
  }

  @Override
  public String config() {
    return store.config();
  }

  @Override
  public CompletionStage<Void> ready() {
    return store.ready();
  }

  @Override
  public <T> CompletionStage<AppendResult<T>> append(AppendEventInput<T> input) {
    requireNonNull(input, "input");
    return append(
        input.streamId(),
        1,
        input.expectedVersion(),
        entries -> store.append(with(input, entries)),
        (result, span) -> stored(span, Outcome.APPENDED, result.currentVersion()));
  }

  @Override
  public CompletionStage<AppendBatchResult> appendBatch(AppendBatchInput input) {
    requireNonNull(input, "input");
    return append(
        input.streamId(),
        input.events().size(),
        input.expectedVersion(),
        entries -> store.appendBatch(with(input, entries)),
        (result, span) -> stored(span, Outcome.APPENDED, result.currentVersion()));
  }

  @Override
  public CompletionStage<AppendOutcome> tryAppend(AppendEventInput<?> input) {
    requireNonNull(input, "input");
    return append(
        input.streamId(),
        1,
        input.expectedVersion(),
        entries -> store.tryAppend(with(input, entries)),
        TracingEventStore::ended);
  }

  @Override
  public CompletionStage<AppendOutcome> tryAppend(AppendBatchInput input) {
    requireNonNull(input, "input");
    return append(
        input.streamId(),
        input.events().size(),
        input.expectedVersion(),
        entries -> store.tryAppend(with(input, entries)),
        TracingEventStore::ended);
  }

  private <T> CompletionStage<T> append(
      String streamId,
      int events,
      ExpectedVersion expectedVersion,
      Function<Map<String, String>, CompletionStage<T>> append,
      BiConsumer<T, Span> describe) {
    SpanBuilder span =
        span("holdfast.append", SpanKind.PRODUCER)
            .setAttribute(SpanAttributes.STREAM_ID, streamId)
            .setAttribute(SpanAttributes.EVENT_COUNT, (long) events)
            .setAttribute(SpanAttributes.EXPECTED_VERSION, expectedVersion.toString());
    return Operation.traced(
        span, parent.get(), context -> append.apply(metadata.entries(context)), describe);
  }

  private static <T> AppendEventInput<T> with(
      AppendEventInput<T> input, Map<String, String> entries) {
    return new AppendEventInput<>(
        input.streamId(), TraceMetadata.with(input.event(), entries), input.expectedVersion());
  }

  private static AppendBatchInput with(AppendBatchInput input, Map<String, String> entries) {
    List<NewEvent<?>> events =
        input.events().stream()
            .<NewEvent<?>>map(event -> TraceMetadata.with(event, entries))
            .toList();
    return new AppendBatchInput(input.streamId(), events, input.expectedVersion());
  }

  private static void ended(AppendOutcome outcome, Span span) {
    if (outcome instanceof AppendOutcome.Stored stored) {
      stored(span, Outcome.of(outcome), stored.currentVersion());
    } else if (outcome instanceof AppendOutcome.Refused refused) {
      Outcome.describeFailure(span, refused.exception());
    }
  }

  private static void stored(Span span, Outcome outcome, long version) {
    outcome.describe(span);
    span.setAttribute(SpanAttributes.STREAM_VERSION, version);
  }

  @Override
  public CompletionStage<ReadStreamResult> readStream(String streamId, ReadStreamOptions options) {
    return call(
        "holdfast.read",
        streamId,
        () -> store.readStream(streamId, options),
        (read, span) -> {
          span.setAttribute(SpanAttributes.EVENT_COUNT, (long) read.events().size());
          span.setAttribute(SpanAttributes.STREAM_VERSION, read.currentVersion());
        });
  }

  @Override
  public CompletionStage<Optional<StreamDomainEvent<?>>> readLastEvent(
      String streamId, ReadConsistency consistency) {
    return call(
        "holdfast.read_last",
        streamId,
        () -> store.readLastEvent(streamId, consistency),
        (last, span) -> {
          span.setAttribute(SpanAttributes.EVENT_COUNT, last.isPresent() ? 1L : 0L);
          last.ifPresent(event -> span.setAttribute(SpanAttributes.EVENT_VERSION, event.version()));
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each run is a span, with the context as parent that was current when the source was made.
   */
  @Override
  public Source<StreamDomainEvent<?>, NotUsed> streamEvents(
      String streamId, ReadStreamOptions options) {
    Context made = parent.get();
    return store
        .streamEvents(streamId, options)
        .via(
            new RunSpan<StreamDomainEvent<?>>(
                () -> client("holdfast.stream", streamId).setParent(made).startSpan()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each event is a span of its own when it is delivered, linked to the context of its append
   * and with no parent: a subscription does not end, and so is no span.
   */
  @Override
  public Source<StreamDomainEvent<?>, NotUsed> subscribeToStream(
      String streamId, long fromVersion) {
    return store.subscribeToStream(streamId, fromVersion).map(this::delivered);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each event is a span, as with {@link #subscribeToStream}.
   */
  @Override
  public Source<FeedEvent, NotUsed> subscribeAll(FeedFilter filter, FeedOffset from) {
    return store
        .subscribeAll(filter, from)
        .map(item -> new FeedEvent(delivered(item.event()), item.offset(), item.last()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>One span from the run of the source to its end.
   */
  @Override
  public Source<FeedEvent, NotUsed> readAll(FeedFilter filter, FeedOffset from) {
    Context made = Context.current();
    return store
        .readAll(filter, from)
        .via(
            new RunSpan<FeedEvent>(
                () -> span("holdfast.feed", SpanKind.CLIENT).setParent(made).startSpan()));
  }

  @Override
  public CompletionStage<FeedOffset> findOffset(FeedOffset from) {
    return store.findOffset(from);
  }

  private StreamDomainEvent<?> delivered(StreamDomainEvent<?> event) {
    span("holdfast.event", SpanKind.CONSUMER)
        .setNoParent()
        .addLink(Span.fromContext(contextOf(event)).getSpanContext())
        .setAttribute(SpanAttributes.STREAM_ID, event.streamId())
        .setAttribute(SpanAttributes.EVENT_ID, event.id())
        .setAttribute(SpanAttributes.EVENT_TYPE, event.type())
        .setAttribute(SpanAttributes.EVENT_VERSION, event.version())
        .startSpan()
        .end();
    return event;
  }

  @Override
  public CompletionStage<Long> getStreamVersion(String streamId, ReadConsistency consistency) {
    return call(
        "holdfast.version",
        streamId,
        () -> store.getStreamVersion(streamId, consistency),
        (version, span) -> span.setAttribute(SpanAttributes.STREAM_VERSION, version));
  }

  @Override
  public CompletionStage<Map<String, Long>> getStreamVersions(
      Collection<String> streamIds, ReadConsistency consistency) {
    requireNonNull(streamIds, "streamIds");
    return call(
        span("holdfast.versions", SpanKind.CLIENT)
            .setAttribute(SpanAttributes.STREAM_COUNT, (long) streamIds.size()),
        () -> store.getStreamVersions(streamIds, consistency),
        (versions, span) -> {});
  }

  @Override
  public CompletionStage<Boolean> streamExists(String streamId, ReadConsistency consistency) {
    return call(
        "holdfast.exists",
        streamId,
        () -> store.streamExists(streamId, consistency),
        (exists, span) -> {});
  }

  @Override
  public CompletionStage<StreamInfo> getStreamInfo(String streamId, ReadConsistency consistency) {
    return info("holdfast.info", streamId, () -> store.getStreamInfo(streamId, consistency));
  }

  @Override
  public CompletionStage<StreamInfo> truncateStream(String streamId, long beforeVersion) {
    return info("holdfast.truncate", streamId, () -> store.truncateStream(streamId, beforeVersion));
  }

  @Override
  public CompletionStage<StreamInfo> deleteStream(
      String streamId, ExpectedVersion expectedVersion) {
    return info("holdfast.delete", streamId, () -> store.deleteStream(streamId, expectedVersion));
  }

  @Override
  public CompletionStage<StreamInfo> closeStream(String streamId, ExpectedVersion expectedVersion) {
    return info("holdfast.close", streamId, () -> store.closeStream(streamId, expectedVersion));
  }

  @Override
  public CompletionStage<StreamInfo> setStreamMetadata(
      String streamId, StreamMetadata streamMetadata) {
    return info(
        "holdfast.set_metadata", streamId, () -> store.setStreamMetadata(streamId, streamMetadata));
  }

  private CompletionStage<StreamInfo> info(
      String name, String streamId, Supplier<CompletionStage<StreamInfo>> operation) {
    return call(
        name,
        streamId,
        operation,
        (info, span) -> span.setAttribute(SpanAttributes.STREAM_VERSION, info.version()));
  }

  private <T> CompletionStage<T> call(
      String name,
      String streamId,
      Supplier<CompletionStage<T>> operation,
      BiConsumer<T, Span> describe) {
    return call(client(name, streamId), operation, describe);
  }

  private <T> CompletionStage<T> call(
      SpanBuilder span, Supplier<CompletionStage<T>> operation, BiConsumer<T, Span> describe) {
    return Operation.traced(
        span,
        parent.get(),
        context -> operation.get(),
        (value, ended) -> {
          Outcome.SUCCESS.describe(ended);
          describe.accept(value, ended);
        });
  }

  private SpanBuilder client(String name, String streamId) {
    return span(name, SpanKind.CLIENT).setAttribute(SpanAttributes.STREAM_ID, streamId);
  }

  private SpanBuilder span(String name, SpanKind kind) {
    return tracer.spanBuilder(name).setSpanKind(kind);
  }
}
