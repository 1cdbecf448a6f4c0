// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * JSON by Jackson: the default serializer. Payloads are classes, records, records of a sealed
 * interface, or {@link JsonNode}; events of a type that is not registered are read as {@link
 * JsonNode}.
 *
 * <pre>{@code
 * sealed interface OrderEvent permits OrderPlaced, OrderShipped {}
 * EventSerializer serializer = JsonEventSerializer.builder().register(OrderEvent.class).build();
 * }</pre>
 *
 * <p>Only logical type names are stored, never class names, so that classes can be renamed and
 * moved. Thread-safe.
 */
public final class JsonEventSerializer implements EventSerializer {
  private final ObjectMapper mapper;
  private final Map<String, Class<?>> classes;
  private final Map<Class<?>, String> names;

  private JsonEventSerializer(Builder builder) {
    this.mapper = builder.mapper;
    this.classes = Map.copyOf(builder.classes);
    this.names = Map.copyOf(builder.names);
  }

  /** A serializer without registered types: every payload is read as {@link JsonNode}. */
  public static JsonEventSerializer create() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Optional<String> typeOf(Object payload) {
    return Optional.ofNullable(names.get(payload.getClass()));
  }

  @Override
  public SerializedPayload serialize(String type, Object payload) {
    try {
      byte[] bytes = mapper.writeValueAsBytes(payload);
      return new SerializedPayload(SerializedPayload.JSON, ByteString.fromArrayUnsafe(bytes));
    } catch (JsonProcessingException e) {
      throw new SerializationException(
          "payload of event type '%s' (%s) cannot be written as JSON: %s"
              .formatted(type, payload.getClass().getName(), e.getOriginalMessage()),
          e);
    }
  }

  @Override
  public Object deserialize(String type, SerializedPayload payload) {
    if (!payload.isJson()) {
      throw new SerializationException(
          "event type '%s' has content type '%s'; this serializer reads '%s' only"
              .formatted(type, payload.contentType(), SerializedPayload.JSON));
    }
    Class<?> target = classes.getOrDefault(type, JsonNode.class);
    try {
      Object value = mapper.readValue(payload.bytes().toArrayUnsafe(), target);
      return value == null ? mapper.nullNode() : value;
    } catch (IOException e) {
      throw new SerializationException(
          "event type '%s' cannot be read as %s: %s"
              .formatted(type, target.getName(), e.getMessage()),
          e);
    }
  }

  /** Collects the types that a {@link JsonEventSerializer} knows. Not thread-safe. */
  public static final class Builder {
    private ObjectMapper mapper =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private final Map<String, Class<?>> classes = new HashMap<>();
    private final Map<Class<?>, String> names = new HashMap<>();

    private Builder() {}

    /**
     * Replaces the mapper. The default writes dates as ISO-8601 text, keeps every digit of decimal
     * numbers, and ignores unknown properties when it reads.
     */
    public Builder mapper(ObjectMapper mapper) {
      this.mapper = requireNonNull(mapper, "mapper");
      return this;
    }

    /**
     * Registers a class under its simple name; a sealed type with all its concrete subtypes, each
     * under its own.
     *
     * @throws IllegalArgumentException if the type is abstract and not sealed, or a name is taken
     *     by another class
     */
    public Builder register(Class<?> type) {
      Class<?>[] permitted = type.getPermittedSubclasses();
      if (permitted != null) {
        for (Class<?> subtype : permitted) {
          register(subtype);
        }
      }
      if (!Modifier.isAbstract(type.getModifiers())) {
        return register(type.getSimpleName(), type);
      }
      if (permitted == null) {
        throw new IllegalArgumentException(
            type.getName() + " is abstract and not sealed; register its concrete classes");
      }
      return this;
    }

    /**
     * Registers a class under a logical type name.
     *
     * @throws IllegalArgumentException if the name stands for another class already, or the class
     *     has another name
     */
    public Builder register(String name, Class<?> type) {
      Class<?> otherType = classes.putIfAbsent(name, type);
      if (otherType != null && otherType != type) {
        throw new IllegalArgumentException(
            "type name '%s' is registered for %s already; give %s another name"
                .formatted(name, otherType.getName(), type.getName()));
      }
      String otherName = names.putIfAbsent(type, name);
      if (otherName != null && !otherName.equals(name)) {
        throw new IllegalArgumentException(
            "%s is registered as '%s' already".formatted(type.getName(), otherName));
      }
      return this;
    }

    public JsonEventSerializer build() {
      return new JsonEventSerializer(this);
    }
  }
}
