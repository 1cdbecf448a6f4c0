// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

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
 * <p>A type whose JSON changes so that it could not be read any more gets a schema version, and an
 * {@link Upcaster} from the version before. The version is stored with each event, as a parameter
 * of its content type.
 *
 * <p>Only logical type names are stored, never class names, so that classes can be renamed and
 * moved. Thread-safe.
 */
public final class JsonEventSerializer implements EventSerializer {
  private final ObjectMapper mapper;
  private final Map<String, Class<?>> classes;
  private final Map<Class<?>, String> names;
  private final Map<String, Integer> schemaVersions;
  private final Upcasters upcasters;

  private JsonEventSerializer(Builder builder) {
    this.mapper = builder.mapper;
    this.classes = Map.copyOf(builder.classes);
    this.names = Map.copyOf(builder.names);
    this.schemaVersions = Map.copyOf(builder.schemaVersions);
    this.upcasters = builder.upcasters;
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

  /**
   * The payload as JSON that can be read again.
   *
   * @throws SerializationException if Jackson cannot write it or would not read what it wrote, if a
   *     text is not Unicode, or if the payload's class and the type do not belong together
   */
  @Override
  public SerializedPayload serialize(String type, Object payload) {
    int schemaVersion = schemaVersions.getOrDefault(type, 1);
    String name = names.get(payload.getClass());
    if (name != null && !name.equals(type) && !upcasters.take(type, schemaVersion)) {
      throw new SerializationException(
          "the payload is a %s, which is registered as '%s', and the event has type '%s', under which it would not be read as one; leave the type out"
              .formatted(payload.getClass().getName(), name, type));
    }
    byte[] bytes = write(type, payload);
    check(type, payload, bytes);
    SerializedPayload written =
        SerializedPayload.json(schemaVersion, ByteString.fromArrayUnsafe(bytes));
    if (name == null && classes.containsKey(type)) {
      // Another class that is to look like the registered one, or a tree.
      deserialize(type, written);
    }
    return written;
  }

  private byte[] write(String type, Object payload) {
    try {
      return mapper.writeValueAsBytes(payload);
    } catch (JsonProcessingException e) {
      throw new SerializationException(
          "payload of event type '%s' (%s) cannot be written as JSON: %s"
              .formatted(type, payload.getClass().getName(), e.getOriginalMessage()),
          e);
    } catch (StackOverflowError e) {
      throw new SerializationException(
          "payload of event type '%s' (%s) is nested too deeply to be written as JSON"
              .formatted(type, payload.getClass().getName()),
          e);
    }
  }

  private void check(String type, Object payload, byte[] bytes) {
    try (JsonParser written = parser(bytes)) {
      StoredJson.check(written);
    } catch (IOException | NumberFormatException | SerializationException e) {
      throw new SerializationException(
          "payload of event type '%s' (%s) gives JSON that could not be read again: %s"
              .formatted(type, payload.getClass().getName(), reason(e)),
          e);
    }
  }

  /**
   * The event as it is today, by the upcasters.
   *
   * @throws SerializationException if the content type is not JSON, the payload does not fit its
   *     class, an upcaster fails, or the schema version is above the registered one: then a newer
   *     program wrote the event
   */
  @Override
  public List<TypedPayload> deserialize(String type, SerializedPayload payload) {
    if (!payload.isJson()) {
      throw new SerializationException(
          "event type '%s' has content type '%s'; this serializer reads '%s' only"
              .formatted(type, payload.contentType(), SerializedPayload.JSON));
    }
    byte[] bytes = payload.bytes().toArrayUnsafe();
    int schemaVersion = payload.schemaVersion();
    if (!upcasters.take(type, schemaVersion)) {
      return List.of(bind(type, schemaVersion, target -> parse(bytes, target)));
    }
    JsonNode tree = (JsonNode) read(type, JsonNode.class, target -> parse(bytes, target));
    return upcasters.upcast(new JsonEvent(type, schemaVersion, tree)).stream()
        .map(
            event ->
                bind(
                    event.type(),
                    event.schemaVersion(),
                    target -> mapper.treeToValue(event.payload(), target)))
        .toList();
  }

  /**
   * JDK 17's compiler may get Jackson's look at the first four bytes wrong where there are fewer,
   * which then fails with an {@code ArrayIndexOutOfBoundsException} (seen on 17.0.15).
   */
  private <T> T parse(byte[] bytes, Class<T> target) throws IOException {
    return bytes.length < 4
        ? mapper.readValue(new String(bytes, UTF_8), target)
        : mapper.readValue(bytes, target);
  }

  /** As {@link #parse}. */
  private JsonParser parser(byte[] bytes) throws IOException {
    return bytes.length < 4
        ? mapper.createParser(new String(bytes, UTF_8))
        : mapper.createParser(bytes);
  }

  private TypedPayload bind(String type, int schemaVersion, JsonReader reader) {
    Class<?> target = classes.get(type);
    if (target == null) {
      return new TypedPayload(type, read(type, JsonNode.class, reader));
    }
    int known = schemaVersions.getOrDefault(type, 1);
    if (schemaVersion > known) {
      throw new SerializationException(
          "event type '%s' has schema version %d, and version %d is registered: a newer program wrote it; update this one"
              .formatted(type, schemaVersion, known));
    }
    return new TypedPayload(type, read(type, target, reader));
  }

  private Object read(String type, Class<?> target, JsonReader reader) {
    try {
      Object value = reader.read(target);
      return value == null ? mapper.nullNode() : value;
    } catch (IOException e) {
      throw new SerializationException(
          "event type '%s' cannot be read as %s: %s".formatted(type, target.getName(), reason(e)),
          e);
    }
  }

  /** Without Jackson's own account of where in the bytes it was. */
  private static @Nullable String reason(Exception failure) {
    return failure instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : failure.getMessage();
  }

  /** From bytes or a tree, which it holds, to an object; {@code null} for JSON's null. */
  private interface JsonReader {
    @Nullable Object read(Class<?> target) throws IOException;
  }

  /** Collects what a {@link JsonEventSerializer} knows. Not thread-safe. */
  public static final class Builder {
    private ObjectMapper mapper = DefaultMapper.create();
    private final Map<String, Class<?>> classes = new HashMap<>();
    private final Map<Class<?>, String> names = new HashMap<>();
    private final Map<String, Integer> schemaVersions = new HashMap<>();
    private Upcasters upcasters = Upcasters.none();

    private Builder() {}

    /**
     * Replaces the mapper. The default keeps times with their offset and zone as ISO-8601 text, and
     * every digit of decimal numbers; writes hash maps and sets in an order of its own, the same on
     * all nodes; and ignores unknown properties when it reads.
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

    /**
     * Registers a class under a logical type name, with the version of what its JSON looks like
     * now: events of the type are written with it. Versions begin at 1, which is what a type has
     * that is registered without; each earlier one needs an {@linkplain #upcaster upcaster}.
     *
     * @throws IllegalArgumentException as {@link #register(String, Class)}, if the version is below
     *     1, or if the type was registered with another version
     */
    public Builder register(String name, Class<?> type, int schemaVersion) {
      if (schemaVersion < 1) {
        throw new IllegalArgumentException(
            "schema version %d of event type '%s' is below 1; versions begin at 1"
                .formatted(schemaVersion, name));
      }
      register(name, type);
      Integer otherVersion = schemaVersions.putIfAbsent(name, schemaVersion);
      if (otherVersion != null && otherVersion != schemaVersion) {
        throw new IllegalArgumentException(
            "event type '%s' is registered with schema version %d already, and now with %d"
                .formatted(name, otherVersion, schemaVersion));
      }
      return this;
    }

    /**
     * Registers what becomes of events of one type that are stored with one schema version. The
     * type may be one that has no class any more.
     *
     * @throws IllegalArgumentException if there is an upcaster for the type and version already
     */
    public Builder upcaster(String type, int schemaVersion, Upcaster upcaster) {
      upcasters = upcasters.with(type, schemaVersion, requireNonNull(upcaster, "upcaster"));
      return this;
    }

    /**
     * The serializer of all that was registered.
     *
     * @throws IllegalArgumentException if a type is registered with a schema version above 1, and
     *     one of the versions before has no upcaster; or if the mapper could not read a class that
     *     it writes: the message says what is missing
     */
    public JsonEventSerializer build() {
      schemaVersions.forEach(this::checkEarlierVersions);
      RoundTripCheck check = new RoundTripCheck(mapper);
      classes.forEach(check::check);
      return new JsonEventSerializer(this);
    }

    private void checkEarlierVersions(String type, int current) {
      for (int earlier = 1; earlier < current; earlier++) {
        if (!upcasters.take(type, earlier)) {
          throw new IllegalArgumentException(
              "event type '%s' is at schema version %d, and events of version %d have no upcaster; register one"
                  .formatted(type, current, earlier));
        }
      }
    }
  }
}
