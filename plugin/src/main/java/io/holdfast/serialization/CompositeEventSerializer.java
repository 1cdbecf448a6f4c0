// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Several serializers, for several content types in one event store: the payload's class chooses
 * the one that writes, the stored content type the one that reads.
 *
 * <pre>{@code
 * EventSerializer serializer =
 *     CompositeEventSerializer.of(json).with("application/protobuf", protobuf);
 * }</pre>
 *
 * <p>A payload is written by the first serializer that has a name for it ({@link #typeOf}), and by
 * the one given to {@link #of} if none has. Immutable; thread-safe if the serializers are.
 */
public final class CompositeEventSerializer implements EventSerializer {
  private final EventSerializer otherwise;
  private final Map<String, EventSerializer> byMediaType;

  private CompositeEventSerializer(
      EventSerializer otherwise, Map<String, EventSerializer> byMediaType) {
    this.otherwise = otherwise;
    this.byMediaType = byMediaType;
  }

  /** One serializer for everything, so far. */
  public static CompositeEventSerializer of(EventSerializer otherwise) {
    return new CompositeEventSerializer(otherwise, Map.of());
  }

  /**
   * This, with a serializer for a media type. It is asked after those that were added before, and
   * before the one given to {@link #of}.
   *
   * @param mediaType the content type that it writes and reads, without parameters
   * @throws IllegalArgumentException if the media type has a serializer already
   */
  public CompositeEventSerializer with(String mediaType, EventSerializer serializer) {
    Map<String, EventSerializer> more = new LinkedHashMap<>(byMediaType);
    if (more.putIfAbsent(mediaType.toLowerCase(Locale.ROOT), serializer) != null) {
      throw new IllegalArgumentException(
          "media type '%s' has a serializer already".formatted(mediaType));
    }
    return new CompositeEventSerializer(otherwise, Collections.unmodifiableMap(more));
  }

  @Override
  public Optional<String> typeOf(Object payload) {
    return writerOf(payload).typeOf(payload);
  }

  @Override
  public SerializedPayload serialize(String type, Object payload) {
    EventSerializer writer = writerOf(payload);
    SerializedPayload serialized = writer.serialize(type, payload);
    if (readerOf(serialized) != writer) {
      throw new SerializationException(
          "event type '%s' was written with content type '%s', which another serializer would read; register its serializer for that media type"
              .formatted(type, serialized.contentType()));
    }
    return serialized;
  }

  @Override
  public List<TypedPayload> deserialize(String type, SerializedPayload payload) {
    return readerOf(payload).deserialize(type, payload);
  }

  private EventSerializer writerOf(Object payload) {
    return byMediaType.values().stream()
        .filter(serializer -> serializer.typeOf(payload).isPresent())
        .findFirst()
        .orElse(otherwise);
  }

  private EventSerializer readerOf(SerializedPayload payload) {
    return byMediaType.getOrDefault(payload.mediaType(), otherwise);
  }
}
