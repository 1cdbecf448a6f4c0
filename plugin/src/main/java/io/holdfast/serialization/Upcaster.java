// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import java.util.List;

/**
 * Turns an event as it was written once into what it would be written as today, each time that it
 * is read; what is stored stays. It is registered for one type and schema version, with {@link
 * JsonEventSerializer.Builder#upcaster}.
 *
 * <pre>{@code
 * builder
 *     // one to one: a new field
 *     .upcaster("OrderPlaced", 1, event -> List.of(event.next(event.object().put("currency", "EUR"))))
 *     // dropped
 *     .upcaster("OrderViewed", 1, event -> List.of());
 * }</pre>
 *
 * <p>Thread-safe, and without effects beside its result.
 */
@FunctionalInterface
public interface Upcaster {
  /**
   * What the event is today: one event, several in their order, or none. Each goes on to the
   * upcaster of its own type and schema version, if there is one.
   */
  List<JsonEvent> upcast(JsonEvent event);
}
