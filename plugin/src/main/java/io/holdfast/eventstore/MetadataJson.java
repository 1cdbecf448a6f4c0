// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.serialization.SerializationException;
import io.holdfast.serialization.StoredJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Metadata as it is stored: one JSON object, the named fields first, beside the further entries.
 */
final class MetadataJson {
  private static final JsonMapper JSON =
      JsonMapper.builder(StoredJson.factory())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private MetadataJson() {}

  /** {@code null} where nothing is set. */
  static @Nullable String write(EventMetadata metadata) {
    if (metadata.isEmpty()) {
      return null;
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    putIfSet(object, EventMetadata.CAUSATION_ID, metadata.causationId());
    putIfSet(object, EventMetadata.CORRELATION_ID, metadata.correlationId());
    putIfSet(object, EventMetadata.USER_ID, metadata.userId());
    object.putAll(metadata.entries());
    try {
      String json = JSON.writeValueAsString(object);
      try (JsonParser written = JSON.createParser(json)) {
        StoredJson.check(written);
      }
      return json;
    } catch (IOException | NumberFormatException | SerializationException e) {
      throw new SerializationException("metadata cannot be stored: " + e.getMessage(), e);
    }
  }

  private static void putIfSet(
      Map<String, @Nullable Object> object, String name, @Nullable String value) {
    if (value != null) {
      object.put(name, value);
    }
  }

  static EventMetadata read(@Nullable String json) {
    if (json == null) {
      return EventMetadata.empty();
    }
    try {
      Map<String, @Nullable Object> object = JSON.readValue(json, OBJECT);
      return new EventMetadata(
          (String) object.remove(EventMetadata.CAUSATION_ID),
          (String) object.remove(EventMetadata.CORRELATION_ID),
          (String) object.remove(EventMetadata.USER_ID),
          object);
    } catch (JsonProcessingException | ClassCastException e) {
      throw new SerializationException("metadata cannot be read: " + e.getMessage(), e);
    }
  }
}
