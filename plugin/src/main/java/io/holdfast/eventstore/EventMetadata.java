// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an event beside its payload: who caused it and why, and any further entries.
 *
 * <p>Entries are what JSON can say: strings, Java's own numbers, booleans, {@code null}, lists, and
 * maps with string keys, nested at most 500 levels deep. All texts are Unicode: an append of one
 * with half of a surrogate pair is rejected. Immutable.
 *
 * @param causationId the id of the event or command that caused this event
 * @param correlationId what groups the events of one conversation
 * @param userId who caused the event
 * @param entries further entries, in the order given; the names {@code causationId}, {@code
 *     correlationId} and {@code userId} are taken
 */
public record EventMetadata(
    @Nullable String causationId,
    @Nullable String correlationId,
    @Nullable String userId,
    Map<String, @Nullable Object> entries) {

  static final String CAUSATION_ID = "causationId";
  static final String CORRELATION_ID = "correlationId";
  static final String USER_ID = "userId";
  private static final Set<String> TAKEN = Set.of(CAUSATION_ID, CORRELATION_ID, USER_ID);
  private static final Set<Class<?>> NUMBERS =
      Set.of(
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          BigInteger.class,
          Float.class,
          Double.class,
          BigDecimal.class);

  private static final int MAX_NESTING = 500;

  private static final EventMetadata EMPTY = new EventMetadata(null, null, null, Map.of());

  /**
   * @throws IllegalArgumentException if an entry has a taken name or a value that JSON cannot say
   */
  public EventMetadata {
    requireNonNull(entries, "entries");
    for (String name : entries.keySet()) {
      if (TAKEN.contains(name)) {
        throw new IllegalArgumentException(
            "metadata entry '%s' has a name of its own in EventMetadata; set it there"
                .formatted(name));
      }
    }
    entries = copyOf("", entries, 0);
  }

  private static Map<String, @Nullable Object> copyOf(String path, Map<?, ?> map, int depth) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalArgumentException(
            "metadata entry '%s' has the key '%s', which is no string"
                .formatted(path, entry.getKey()));
      }
      copy.put(
          name, copyOf(path.isEmpty() ? name : path + "." + name, entry.getValue(), depth + 1));
    }
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copyOf(String path, @Nullable Object value, int depth) {
    if (depth > MAX_NESTING && (value instanceof Map || value instanceof List)) {
      throw new IllegalArgumentException(
          "metadata entry '%s…' is nested more than %d levels deep"
              .formatted(path.substring(0, Math.min(path.length(), 40)), MAX_NESTING));
    }
    if (value instanceof Map<?, ?> map) {
      return copyOf(path, map, depth);
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (Object element : list) {
        copy.add(copyOf(path, element, depth + 1));
      }
      return Collections.unmodifiableList(copy);
    } else if (value instanceof Number number
        && !Double.isFinite(number.doubleValue())
        && (number instanceof Double || number instanceof Float)) {
      throw new IllegalArgumentException(
          "metadata entry '%s' is %s, which JSON cannot say".formatted(path, number));
    } else if (value == null
        || value instanceof String
        || NUMBERS.contains(value.getClass())
        || value instanceof Boolean) {
      return value;
    }
    throw new IllegalArgumentException(
        "metadata entry '%s' is a %s; entries are strings, numbers, booleans, null, lists and maps"
            .formatted(path, value.getClass().getName()));
  }

  /** No metadata at all. */
  public static EventMetadata empty() {
    return EMPTY;
  }

  /**
   * For what is appended because of an event: caused by it, and part of the same conversation.
   *
   * @return the event's id as {@code causationId}, its {@code correlationId} (or its id, if it has
   *     none: the conversation begins with it) as {@code correlationId}, and nothing else
   */
  public static EventMetadata causedBy(StreamDomainEvent<?> event) {
    String conversation = event.metadata().correlationId();
    return EMPTY
        .withCausationId(event.id())
        .withCorrelationId(conversation == null ? event.id() : conversation);
  }

  public EventMetadata withCausationId(String id) {
    return new EventMetadata(id, correlationId, userId, entries);
  }

  public EventMetadata withCorrelationId(String id) {
    return new EventMetadata(causationId, id, userId, entries);
  }

  public EventMetadata withUserId(String id) {
    return new EventMetadata(causationId, correlationId, id, entries);
  }

  /** This metadata with one more entry, or with another value of one. */
  public EventMetadata with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(entries);
    more.put(name, value);
    return new EventMetadata(causationId, correlationId, userId, more);
  }

  /** Whether nothing is set. */
  public boolean isEmpty() {
    return equals(EMPTY);
  }
}
