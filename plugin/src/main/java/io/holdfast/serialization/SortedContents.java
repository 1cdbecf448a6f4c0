// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.databind.type.MapType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps and sets whose order differs by process, such as {@code Map.of}'s, in one that does
 * not: equal payloads give equal bytes. A map or set with an order of its own keeps it.
 */
final class SortedContents extends BeanSerializerModifier {
  private static final long serialVersionUID = 1L;

  private final ObjectMapper mapper;

  /**
   * @param mapper the one that is to be modified
   */
  SortedContents(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public JsonSerializer<?> modifyMapSerializer(
      SerializationConfig config,
      MapType type,
      BeanDescription description,
      JsonSerializer<?> serializer) {
    return new Sorting(serializer);
  }

  @Override
  public JsonSerializer<?> modifyCollectionSerializer(
      SerializationConfig config,
      CollectionType type,
      BeanDescription description,
      JsonSerializer<?> serializer) {
    return type.isTypeOrSubTypeOf(Set.class) && !type.isTypeOrSubTypeOf(EnumSet.class)
        ? new Sorting(serializer)
        : serializer;
  }

  private Object sorted(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.size() > 1 && hasNoOrder(map) ? sorted(map) : map;
    } else if (value instanceof Set<?> set) {
      return set.size() > 1 && hasNoOrder(set) ? sorted(set) : set;
    }
    return value;
  }

  private static boolean hasNoOrder(Map<?, ?> map) {
    return (map instanceof HashMap && !(map instanceof LinkedHashMap))
        || map.getClass() == Map.of().getClass()
        || map instanceof ConcurrentHashMap
        || map instanceof Hashtable
        || map instanceof WeakHashMap;
  }

  /** A set is read as one without order in any case, unless its class is known. */
  private static boolean hasNoOrder(Set<?> set) {
    return !(set instanceof SortedSet || set instanceof LinkedHashSet || set instanceof EnumSet);
  }

  private static Map<?, ?> sorted(Map<?, ?> map) {
    Map<@Nullable Object, @Nullable Object> sorted = new LinkedHashMap<>();
    map.entrySet().stream()
        .sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey())))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  /** By their JSON: there are no two elements that differ and have the same. */
  private Set<?> sorted(Set<?> set) {
    record Element(@Nullable Object value, String json) {}
    List<Element> elements = new ArrayList<>(set.size());
    for (Object value : set) {
      elements.add(new Element(value, json(value)));
    }
    elements.sort(Comparator.comparing(Element::json));
    Set<@Nullable Object> sorted = new LinkedHashSet<>();
    elements.forEach(element -> sorted.add(element.value()));
    return sorted;
  }

  private String json(@Nullable Object element) {
    try {
      return element instanceof String text ? text : mapper.writeValueAsString(element);
    } catch (JsonProcessingException e) {
      // The set has a serializer of its own for such elements.
      return String.valueOf(element);
    }
  }

  private final class Sorting extends JsonSerializer<Object> implements ContextualSerializer {
    private final JsonSerializer<Object> sink;

    @SuppressWarnings("unchecked")
    Sorting(JsonSerializer<?> sink) {
      this.sink = (JsonSerializer<Object>) sink;
    }

    @Override
    public JsonSerializer<?> createContextual(
        SerializerProvider provider, @Nullable BeanProperty property) throws JsonMappingException {
      return new Sorting(provider.handlePrimaryContextualization(sink, property));
    }

    @Override
    public void serialize(Object value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      sink.serialize(sorted(value), json, provider);
    }

    @Override
    public void serializeWithType(
        Object value, JsonGenerator json, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      sink.serializeWithType(value, json, provider, type);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Object value) {
      return sink.isEmpty(provider, value);
    }
  }
}
