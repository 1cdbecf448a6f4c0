// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An event on its way through {@linkplain Upcaster upcasters}: its payload is a JSON tree that is
 * not bound to a class yet.
 *
 * @param type the logical type name
 * @param schemaVersion the version of what the type looks like, from 1
 * @param payload the payload; belongs to whoever holds the event, and may be changed in place
 */
public record JsonEvent(String type, int schemaVersion, JsonNode payload) {
  public JsonEvent {
    requireNonNull(type, "type");
    requireNonNull(payload, "payload");
    if (schemaVersion < 1) {
      throw new IllegalArgumentException(
          "schema version %d of event type '%s' is below 1; versions begin at 1"
              .formatted(schemaVersion, type));
    }
  }

  /** This event at the next schema version of its type. */
  public JsonEvent next(JsonNode nextPayload) {
    return new JsonEvent(type, schemaVersion + 1, nextPayload);
  }

  /**
   * The payload as a JSON object.
   *
   * @throws SerializationException if it is none
   */
  public ObjectNode object() {
    if (payload instanceof ObjectNode object) {
      return object;
    }
    throw new SerializationException(
        "the payload of event type '%s', schema version %d, is no JSON object but %s"
            .formatted(type, schemaVersion, payload.getNodeType()));
  }
}
