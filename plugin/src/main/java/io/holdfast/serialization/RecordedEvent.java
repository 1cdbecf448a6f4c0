// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

/**
 * An event of an event store stream as it is recorded. This is the payload that a stream entity
 * hands to the journal, which spreads it over readable columns.
 *
 * @param data the event as the client gave it
 * @param timestampMillis when it was recorded, in milliseconds since 1970
 */
public record RecordedEvent(EventData data, long timestampMillis) {
  public RecordedEvent {
    requireNonNull(data, "data");
  }
}
