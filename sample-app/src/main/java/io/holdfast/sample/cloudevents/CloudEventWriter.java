// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cloudevents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.StreamDomainEvent;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as CloudEvents 1.0 in JSON, as {@link CloudEventParser} reads them. Metadata entries
 * that no CloudEvents attribute can hold go together into one, as JSON text. Thread-safe.
 */
public final class CloudEventWriter {
  /** The attribute for what no other can hold. */
  static final String METADATA = "holdfastmetadata";

  private static final String DEFAULT_SOURCE = "holdfast";
  private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,20}");

  /** The attributes that an entry of the same name would replace. */
  private static final Set<String> TAKEN =
      Set.of(
          "specversion",
          "id",
          "subject",
          "type",
          "data",
          "userid",
          "correlationid",
          "causationid");

  private final ObjectMapper mapper;

  public CloudEventWriter(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** The event, without the end of the line. */
  public ObjectNode write(StreamDomainEvent<?> event) {
    EventMetadata metadata = event.metadata();
    ObjectNode json = mapper.createObjectNode();
    json.put("specversion", "1.0");
    json.put("id", event.id());
    json.put("source", DEFAULT_SOURCE);
    json.put("subject", event.streamId());
    json.put("type", event.type());
    json.put("time", Instant.ofEpochMilli(event.timestamp()).toString());
    put(json, "userid", metadata.userId());
    put(json, "correlationid", metadata.correlationId());
    put(json, "causationid", metadata.causationId());
    Map<String, @Nullable Object> others = new TreeMap<>();
    metadata
        .entries()
        .forEach(
            (name, value) -> {
              if (isAttribute(name, value)) {
                json.set(name, mapper.valueToTree(value));
              } else {
                others.put(name, value);
              }
            });
    if (!others.isEmpty()) {
      json.put(METADATA, text(others));
    }
    json.set("data", mapper.valueToTree(event.payload()));
    return json;
  }

  private static boolean isAttribute(String name, @Nullable Object value) {
    boolean scalar =
        value instanceof Boolean
            || value instanceof Integer
            || (value instanceof String text && !text.isEmpty());
    // A source or time that is none would make the whole line broken.
    boolean known = !(name.equals("source") || name.equals("time")) || isSound(name, value);
    return scalar
        && known
        && ATTRIBUTE.matcher(name).matches()
        && !TAKEN.contains(name)
        && !name.equals(METADATA)
        && !name.startsWith("data");
  }

  private static boolean isSound(String name, @Nullable Object value) {
    try {
      if (name.equals("source")) {
        java.net.URI.create(String.valueOf(value));
      } else {
        java.time.OffsetDateTime.parse(String.valueOf(value));
      }
      return value instanceof String;
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      return false;
    }
  }

  private String text(Map<String, @Nullable Object> entries) {
    try {
      return mapper.writeValueAsString(entries);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("metadata cannot be written as JSON", e);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
