// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;

/**
 * Payloads of one content type, written and read by functions: for formats whose classes bring
 * their own, such as Protobuf. It writes and reads registered types only.
 *
 * <pre>{@code
 * EventSerializer protobuf =
 *     BinaryEventSerializer.builder("application/protobuf")
 *         .register("ParcelMoved", ParcelMoved.class, ParcelMoved::toByteArray, ParcelMoved::parseFrom)
 *         .build();
 * }</pre>
 *
 * <p>Usually part of a {@link CompositeEventSerializer}. Thread-safe if the functions are.
 */
public final class BinaryEventSerializer implements EventSerializer {
  /** From bytes to a payload. Whatever it throws says that the bytes cannot be read. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(byte[] bytes) throws Exception;
  }

  private record Format<T>(Class<T> payloadClass, Function<T, byte[]> writer, Reader<T> reader) {
    byte[] write(Object payload) {
      return writer.apply(payloadClass.cast(payload));
    }
  }

  private final String contentType;
  private final Map<String, Format<?>> formats;
  private final Map<Class<?>, String> names;

  private BinaryEventSerializer(Builder builder) {
    this.contentType = builder.contentType;
    this.formats = Map.copyOf(builder.formats);
    this.names = Map.copyOf(builder.names);
  }

  /**
   * A serializer of one content type.
   *
   * @param contentType what is stored with each event, for example {@code application/protobuf}
   */
  public static Builder builder(String contentType) {
    return new Builder(contentType);
  }

  @Override
  public Optional<String> typeOf(Object payload) {
    return Optional.ofNullable(names.get(payload.getClass()));
  }

  @Override
  public SerializedPayload serialize(String type, Object payload) {
    Format<?> format = format(type);
    if (!format.payloadClass().isInstance(payload)) {
      throw new SerializationException(
          "event type '%s' is registered for %s, and its payload is a %s"
              .formatted(type, format.payloadClass().getName(), payload.getClass().getName()));
    }
    return new SerializedPayload(contentType, ByteString.fromArrayUnsafe(format.write(payload)));
  }

  @Override
  public List<TypedPayload> deserialize(String type, SerializedPayload payload) {
    if (!payload.mediaType().equals(MediaType.nameOf(contentType))) {
      throw new SerializationException(
          "event type '%s' has content type '%s'; this serializer reads '%s' only"
              .formatted(type, payload.contentType(), contentType));
    }
    Format<?> format = format(type);
    try {
      return List.of(new TypedPayload(type, format.reader().read(payload.bytes().toArray())));
    } catch (Exception e) { // whatever a reader throws
      throw new SerializationException(
          "event type '%s' cannot be read as %s: %s"
              .formatted(type, format.payloadClass().getName(), e.getMessage()),
          e);
    }
  }

  private Format<?> format(String type) {
    Format<?> format = formats.get(type);
    if (format == null) {
      throw new SerializationException(
          "event type '%s' is not registered for content type '%s'; register it"
              .formatted(type, contentType));
    }
    return format;
  }

  /** Collects the types that a {@link BinaryEventSerializer} knows. Not thread-safe. */
  public static final class Builder {
    private final String contentType;
    private final Map<String, Format<?>> formats = new HashMap<>();
    private final Map<Class<?>, String> names = new HashMap<>();

    private Builder(String contentType) {
      this.contentType = requireNonNull(contentType, "contentType");
    }

    /**
     * Registers a class under a logical type name.
     *
     * @param writer gives the same bytes for the same payload each time
     * @param reader gets an array of its own
     * @throws IllegalArgumentException if the name or the class is registered already
     */
    public <T> Builder register(
        String name, Class<T> payloadClass, Function<T, byte[]> writer, Reader<T> reader) {
      if (formats.putIfAbsent(name, new Format<>(payloadClass, writer, reader)) != null) {
        throw new IllegalArgumentException("type name '%s' is registered already".formatted(name));
      }
      String otherName = names.putIfAbsent(payloadClass, name);
      if (otherName != null) {
        throw new IllegalArgumentException(
            "%s is registered as '%s' already".formatted(payloadClass.getName(), otherName));
      }
      return this;
    }

    public BinaryEventSerializer build() {
      return new BinaryEventSerializer(this);
    }
  }
}
