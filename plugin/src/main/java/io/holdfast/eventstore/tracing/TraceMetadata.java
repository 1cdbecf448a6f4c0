// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.NewEvent;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace context in the metadata of events: the entries {@code traceparent} and {@code
 * tracestate}, and nothing else. Baggage in particular is not stored: events stay for ever.
 */
final class TraceMetadata {
  static final String TRACE_PARENT = "traceparent";
  static final String TRACE_STATE = "tracestate";
  private static final List<String> ENTRIES = List.of(TRACE_PARENT, TRACE_STATE);

  private static final TextMapGetter<EventMetadata> READ =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // Abstract in older versions of the API.
        public Iterable<String> keys(EventMetadata metadata) {
          return ENTRIES;
        }

        @Override
        public @Nullable String get(@Nullable EventMetadata metadata, String key) {
          return metadata != null
                  && ENTRIES.contains(key)
                  && metadata.entries().get(key) instanceof String text
              ? text
              : null;
        }
      };

  private final TextMapPropagator propagator;

  /**
   * @param configured the application's propagator; the W3C's own takes its place where it writes
   *     no {@code traceparent}
   */
  TraceMetadata(TextMapPropagator configured) {
    this.propagator =
        configured.fields().contains(TRACE_PARENT)
            ? configured
            : W3CTraceContextPropagator.getInstance();
  }

  /** What an event's metadata gets to carry a context; empty if there is no trace. */
  Map<String, String> entries(Context context) {
    Map<String, String> entries = new LinkedHashMap<>();
    propagator.inject(
        context,
        entries,
        (carrier, key, value) -> {
          if (carrier != null && ENTRIES.contains(key)) {
            carrier.put(key, value);
          }
        });
    return entries;
  }

  /** The event with these entries; as it is if the caller set any of them, as they go together. */
  static <T> NewEvent<T> with(NewEvent<T> event, Map<String, String> entries) {
    EventMetadata metadata = event.metadata();
    if (ENTRIES.stream().anyMatch(metadata.entries()::containsKey)) {
      return event;
    }
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      metadata = metadata.with(entry.getKey(), entry.getValue());
    }
    return event.withMetadata(metadata);
  }

  /** The context that metadata carries; the root if there is none, or none that is valid. */
  static Context context(EventMetadata metadata) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), metadata, READ);
  }
}
