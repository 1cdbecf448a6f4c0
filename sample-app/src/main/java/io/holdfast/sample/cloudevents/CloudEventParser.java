// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cloudevents;

import io.holdfast.sample.common.Json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.types.Time;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.NewEvent;
import java.io.IOException;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads CloudEvents 1.0 in JSON: {@code subject} is the stream, {@code id} the event's id, {@code
 * type} its type, {@code data} its payload. {@code userid}, {@code correlationid} and {@code
 * causationid} have their places in the metadata; {@code source}, {@code time}, {@code dataschema}
 * and all further extension attributes become entries of it. Thread-safe.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">the
 *     format</a>
 */
public final class CloudEventParser {
  private static final String SPEC_VERSION = "1.0";
  private static final String JSON = "application/json";
  private static final String USER_ID = "userid";
  private static final String CORRELATION_ID = "correlationid";
  private static final String CAUSATION_ID = "causationid";

  private final EventLimits limits;

  public CloudEventParser(EventLimits limits) {
    this.limits = limits;
  }

  /** An event and its stream. */
  public record Parsed(String streamId, GlobalId globalId, NewEvent<JsonNode> event) {}

  /** What no two CloudEvents have in common. */
  public record GlobalId(String source, String id) {}

  public Parsed parse(byte[] line) throws BrokenLineException {
    ObjectNode json = jsonObject(line);
    JsonNode payload = payload(json);
    CloudEvent event = toCloudEvent(json);
    String subject = event.getSubject();
    if (subject == null) {
      throw new BrokenLineException("no 'subject': it names the stream");
    }
    NewEvent<JsonNode> newEvent =
        NewEvent.of(event.getType(), payload).withId(event.getId()).withMetadata(metadata(event));
    limits.check(subject, newEvent);
    return new Parsed(subject, new GlobalId(event.getSource().toString(), event.getId()), newEvent);
  }

  private static ObjectNode jsonObject(byte[] line) throws BrokenLineException {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new BrokenLineException("no JSON: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new BrokenLineException("no text in UTF-8: " + firstLine(e.getMessage()));
    }
    if (!(json instanceof ObjectNode object)) {
      throw new BrokenLineException("no JSON object");
    }
    String version = object.path("specversion").asText();
    if (!version.equals(SPEC_VERSION)) {
      throw new BrokenLineException(
          version.isEmpty()
              ? "no CloudEvent: 'specversion' is missing"
              : "'specversion' is '%s'; only '%s' is understood".formatted(version, SPEC_VERSION));
    }
    // What is null is absent, says the format; the library would take it for the text "null".
    object.properties().removeIf(field -> field.getValue().isNull());
    return object;
  }

  private static CloudEvent toCloudEvent(ObjectNode json) throws BrokenLineException {
    try {
      return Json.MAPPER.treeToValue(json, CloudEvent.class);
    } catch (JsonProcessingException e) {
      throw new BrokenLineException("no CloudEvent: " + firstLine(e.getOriginalMessage()));
    }
  }

  /** The data as it stands there; bytes are text in base64, and no data is {@code null}. */
  private static JsonNode payload(ObjectNode json) {
    JsonNode data = json.has("data") ? json.get("data") : json.get("data_base64");
    return data == null ? JsonNodeFactory.instance.nullNode() : data;
  }

  private static EventMetadata metadata(CloudEvent event) {
    EventMetadata metadata = EventMetadata.empty().with("source", event.getSource().toString());
    OffsetDateTime time = event.getTime();
    if (time != null) {
      metadata = metadata.with("time", Time.writeTime(time));
    }
    URI schema = event.getDataSchema();
    if (schema != null) {
      metadata = metadata.with("dataschema", schema.toString());
    }
    String contentType = event.getDataContentType();
    if (contentType != null && !contentType.equals(JSON)) {
      metadata = metadata.with("datacontenttype", contentType);
    }
    for (String name : event.getExtensionNames()) {
      metadata = withExtension(metadata, name, event.getExtension(name));
    }
    return metadata;
  }

  private static EventMetadata withExtension(
      EventMetadata metadata, String name, @Nullable Object value) {
    return switch (name) {
      case USER_ID -> metadata.withUserId(String.valueOf(value));
      case CORRELATION_ID -> metadata.withCorrelationId(String.valueOf(value));
      case CAUSATION_ID -> metadata.withCausationId(String.valueOf(value));
      case CloudEventWriter.METADATA -> withEntries(metadata, String.valueOf(value));
      default -> metadata.with(name, value);
    };
  }

  /** What {@link CloudEventWriter} found no attribute for. */
  private static EventMetadata withEntries(EventMetadata metadata, String json) {
    EventMetadata all = metadata;
    try {
      Map<?, ?> entries = Json.MAPPER.readValue(json, Map.class);
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        all = all.with(String.valueOf(entry.getKey()), entry.getValue());
      }
      return all;
    } catch (JsonProcessingException | IllegalArgumentException notOurs) {
      return metadata.with(CloudEventWriter.METADATA, json);
    }
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
