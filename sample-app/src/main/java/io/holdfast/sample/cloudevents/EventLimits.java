// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cloudevents;

import io.holdfast.sample.common.Json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import io.holdfast.eventstore.NewEvent;
import org.jspecify.annotations.Nullable;

/**
 * The event store's limits for one event, checked here for a whole log before the first event of it
 * is written. The store checks each event again.
 *
 * @param maxIdLength of stream ids, event ids and types, in characters
 * @param maxEventBytes of an event, as JSON
 */
public record EventLimits(int maxIdLength, long maxEventBytes) {
  /** What an event costs beside its payload, metadata and names. */
  private static final int ROW_BYTES = 128;

  public static EventLimits of(Config config) {
    Config eventStore = config.getConfig("holdfast.event-store");
    return new EventLimits(
        eventStore.getInt("max-id-length"), eventStore.getBytes("max-event-bytes"));
  }

  public void check(String streamId, NewEvent<JsonNode> event) throws BrokenLineException {
    checkId("subject", streamId);
    checkId("id", event.id());
    checkId("type", event.type());
    long bytes = ROW_BYTES + jsonBytes(event);
    if (bytes > maxEventBytes) {
      throw new BrokenLineException(
          "the event has %d bytes; the most is %d (holdfast.event-store.max-event-bytes)"
              .formatted(bytes, maxEventBytes));
    }
  }

  private void checkId(String attribute, @Nullable String id) throws BrokenLineException {
    if (id == null || id.isEmpty()) {
      throw new BrokenLineException("'%s' is empty".formatted(attribute));
    }
    if (id.length() > maxIdLength) {
      throw new BrokenLineException(
          "'%s' has %d characters; the most is %d (holdfast.event-store.max-id-length)"
              .formatted(attribute, id.length(), maxIdLength));
    }
  }

  /** A little more than the store counts: the names of the record's parts come on top. */
  private static long jsonBytes(NewEvent<JsonNode> event) {
    try {
      return Json.MAPPER.writeValueAsBytes(event).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON that was read cannot be written", e);
    }
  }
}
