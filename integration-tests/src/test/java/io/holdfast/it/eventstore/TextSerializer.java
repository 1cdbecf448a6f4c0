// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEvent;
import io.holdfast.serialization.JsonEventSerializer;
import java.util.List;

/** Payloads that are texts, of type "Told". */
final class TextSerializer {
  private TextSerializer() {}

  static EventSerializer create() {
    return JsonEventSerializer.builder()
        .register("Told", String.class)
        .upcaster("Renamed", 1, event -> List.of(told(event.payload())))
        .upcaster(
            "Split", 1, event -> List.of(told(event.payload()), told(TextNode.valueOf("again"))))
        .upcaster("Dropped", 1, event -> List.of())
        .build();
  }

  private static JsonEvent told(JsonNode payload) {
    return new JsonEvent("Told", 1, payload);
  }
}
