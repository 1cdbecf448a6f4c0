// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events in JSON, as the API takes and gives them. */
final class EventJson {
  private static final Set<String> NAMES = Set.of("id", "type", "data", "metadata");
  private static final String CAUSATION_ID = "causationId";
  private static final String CORRELATION_ID = "correlationId";
  private static final String USER_ID = "userId";

  private EventJson() {}

  static ObjectNode write(StreamDomainEvent<?> event) {
    ObjectNode json = brief(event);
    json.put("streamId", event.streamId());
    json.put("type", event.type());
    json.set("data", ApiJson.MAPPER.valueToTree(event.payload()));
    json.set("metadata", write(event.metadata()));
    return json;
  }

  /** What the writer of an event does not know yet. */
  static ObjectNode brief(StreamDomainEvent<?> event) {
    return ApiJson.MAPPER
        .createObjectNode()
        .put("id", event.id())
        .put("version", event.version())
        .put("timestamp", Instant.ofEpochMilli(event.timestamp()).toString());
  }

  private static ObjectNode write(EventMetadata metadata) {
    ObjectNode json = ApiJson.MAPPER.createObjectNode();
    putIfPresent(json, CAUSATION_ID, metadata.causationId());
    putIfPresent(json, CORRELATION_ID, metadata.correlationId());
    putIfPresent(json, USER_ID, metadata.userId());
    metadata.entries().forEach((name, value) -> json.set(name, ApiJson.MAPPER.valueToTree(value)));
    return json;
  }

  private static void putIfPresent(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /**
   * The events of a body: one object, or an array of them.
   *
   * @throws Problem if it is something else
   */
  static List<NewEvent<JsonNode>> read(JsonNode body) {
    if (body instanceof ArrayNode array) {
      List<NewEvent<JsonNode>> events = new ArrayList<>();
      for (JsonNode element : array) {
        events.add(readEvent(element, "[%d]".formatted(events.size())));
      }
      return events;
    }
    return List.of(readEvent(body, ""));
  }

  private static NewEvent<JsonNode> readEvent(JsonNode json, String path) {
    if (!(json instanceof ObjectNode object)) {
      throw Problem.badRequest(
          "event%s is no object; it must be {\"id\"?, \"type\", \"data\", \"metadata\"?}"
              .formatted(path));
    }
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!NAMES.contains(name)) {
        throw Problem.badRequest(
                "event%s has a member that is not known; these are: id, type, data, metadata"
                    .formatted(path))
            .with("value", name);
      }
    }
    String type = text(object, "type", path);
    if (type == null) {
      throw Problem.badRequest("event%s has no type".formatted(path));
    }
    JsonNode data = object.has("data") ? object.get("data") : ApiJson.MAPPER.nullNode();
    NewEvent<JsonNode> event = NewEvent.of(type, data).withMetadata(metadata(object, path));
    String id = text(object, "id", path);
    return id == null ? event : event.withId(id);
  }

  private static @Nullable String text(JsonNode object, String name, String path) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    } else if (!value.isTextual()) {
      throw Problem.badRequest("event%s: %s is no string".formatted(path, name))
          .with("value", value);
    }
    return value.textValue();
  }

  private static EventMetadata metadata(ObjectNode event, String path) {
    JsonNode json = event.get("metadata");
    if (json == null || json.isNull()) {
      return EventMetadata.empty();
    } else if (!json.isObject()) {
      throw Problem.badRequest("event%s: metadata is no object".formatted(path));
    }
    EventMetadata metadata =
        new EventMetadata(
            text(json, CAUSATION_ID, path),
            text(json, CORRELATION_ID, path),
            text(json, USER_ID, path),
            Map.of());
    ObjectNode entries = ((ObjectNode) json).deepCopy();
    entries.remove(List.of(CAUSATION_ID, CORRELATION_ID, USER_ID));
    Map<?, ?> values = ApiJson.MAPPER.convertValue(entries, Map.class);
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      metadata = metadata.with((String) entry.getKey(), entry.getValue());
    }
    return metadata;
  }
}
