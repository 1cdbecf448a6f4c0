// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import com.fasterxml.jackson.databind.deser.std.ContainerDeserializerBase;
import com.fasterxml.jackson.databind.deser.std.ReferenceTypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what a mapper writes and could not read, in all that a class is made of. It sees what
 * the classes say; whether each value fits is seen when it is written.
 */
final class RoundTripCheck {
  private static final String NO_CREATOR =
      "it has no constructor that Jackson would use; make it a record, or annotate a constructor"
          + " with @JsonCreator and its parameters with @JsonProperty";
  private static final String KOTLIN =
      "it is a Kotlin class, which Jackson reads with jackson-module-kotlin only; register that"
          + " with the mapper";
  private static final Set<JsonTypeInfo.Id> NAMES =
      Set.of(JsonTypeInfo.Id.NAME, JsonTypeInfo.Id.SIMPLE_NAME);

  private final ObjectMapper mapper;
  private final SerializerProvider serializers;
  private final DeserializationContext deserializers;
  private final Set<JavaType> checked = new HashSet<>();

  RoundTripCheck(ObjectMapper mapper) {
    this.mapper = mapper;
    this.serializers = mapper.getSerializerProviderInstance();
    this.deserializers =
        ((DefaultDeserializationContext) mapper.getDeserializationContext())
            .createDummyInstance(mapper.getDeserializationConfig());
  }

  /**
   * @throws IllegalArgumentException if an event of this type would be written and never read
   */
  void check(String eventType, Class<?> payloadClass) {
    try {
      check(mapper.constructType(payloadClass), null, null, payloadClass.getSimpleName());
    } catch (IOException | IllegalArgumentException e) {
      String reason =
          e instanceof JsonMappingException failure ? failure.getOriginalMessage() : e.getMessage();
      throw new IllegalArgumentException(
          "events of type '%s' (%s) could be written and not be read: %s"
              .formatted(eventType, payloadClass.getName(), reason),
          e);
    }
  }

  /**
   * @param known the deserializer that is used at this place; null for that of the type
   * @param knownIds tells the classes at this place apart; null for what the type says
   * @param path leads from the event to this place
   */
  private void check(
      JavaType type,
      @Nullable JsonDeserializer<?> known,
      @Nullable TypeDeserializer knownIds,
      String path)
      throws IOException {
    JsonDeserializer<?> deserializer =
        known == null ? deserializers.findContextualValueDeserializer(type, null) : known;
    if (type.isContainerType() || type.isReferenceType()) {
      boolean readsItself =
          !(deserializer instanceof ContainerDeserializerBase<?>)
              && !(deserializer instanceof ReferenceTypeDeserializer<?>);
      if (readsItself || (known == null && !checked.add(type))) {
        return;
      }
      JavaType content = type.getContentType();
      if (content.getValueHandler() == null) {
        check(
            content,
            deserializer instanceof ContainerDeserializerBase<?> container
                ? container.getContentDeserializer()
                : null,
            content.getTypeHandler(),
            path + (type.isReferenceType() ? "" : "[]"));
      }
      return;
    }
    TypeDeserializer ids =
        knownIds == null ? deserializers.getConfig().findTypeDeserializer(type) : knownIds;
    if (ids != null && ids.getDefaultImpl() == null) {
      checkIds(type, ids, path);
    }
    if (deserializer instanceof UnsupportedTypeDeserializer) {
      throw refused(path, type, "Jackson reads it with a module only; add that to the mapper");
    } else if (deserializer instanceof AbstractDeserializer) {
      if (ids == null) {
        throw refused(
            path,
            type,
            "it is abstract, and its JSON would not say of which class it is; annotate it with"
                + " @JsonTypeInfo and @JsonSubTypes");
      }
    } else if (deserializer instanceof BeanDeserializerBase bean && checked.add(type)) {
      check(type, bean, path);
    }
  }

  private void check(JavaType type, BeanDeserializerBase bean, String path) throws IOException {
    JsonSerializer<?> serializer = serializers.findValueSerializer(type);
    if (!(serializer instanceof BeanSerializerBase) || type.isTypeOrSubTypeOf(Throwable.class)) {
      return; // Written as something else than what a bean consists of.
    }
    ValueInstantiator creator = bean.getValueInstantiator();
    if (!creator.canCreateUsingDefault()
        && !creator.canCreateFromObjectWith()
        && !creator.canCreateUsingDelegate()) {
      throw refused(path, type, isKotlin(type.getRawClass()) ? KOTLIN : NO_CREATOR);
    }
    Set<String> written = new HashSet<>();
    serializer.properties().forEachRemaining(property -> written.add(property.getName()));
    for (Iterator<SettableBeanProperty> all = bean.properties(); all.hasNext(); ) {
      SettableBeanProperty property = all.next();
      if (written.contains(property.getName())) {
        check(
            property.getType(),
            property.getValueDeserializer(),
            property.getValueTypeDeserializer(),
            path + "." + property.getName());
      }
    }
  }

  /** Each class of a sealed type must be found by the id that is written for it. */
  private void checkIds(JavaType type, TypeDeserializer ids, String path) throws IOException {
    if (!type.getRawClass().isSealed()) {
      return; // Nobody knows all of its classes.
    }
    TypeSerializer writer = serializers.findTypeSerializer(type);
    boolean byName = NAMES.contains(ids.getTypeIdResolver().getMechanism());
    for (Class<?> subclass : concreteClasses(type.getRawClass()).toList()) {
      JavaType subtype = deserializers.constructSpecializedType(type, subclass);
      if (byName && writer != null) {
        String id = writer.getTypeIdResolver().idFromValueAndType(null, subclass);
        JavaType read = ids.getTypeIdResolver().typeFromId(deserializers, id);
        if (read == null || read.getRawClass() != subclass) {
          throw refused(
              path,
              subtype,
              "it is written as '%s', and not found by that; name it in @JsonSubTypes"
                  .formatted(id));
        }
      }
      JsonDeserializer<?> deserializer =
          deserializers.findContextualValueDeserializer(subtype, null);
      if (deserializer instanceof BeanDeserializerBase bean && checked.add(subtype)) {
        check(subtype, bean, "%s (%s)".formatted(path, subclass.getSimpleName()));
      }
    }
  }

  private static Stream<Class<?>> concreteClasses(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    Stream<Class<?>> subclasses =
        permitted == null
            ? Stream.empty()
            : Arrays.stream(permitted).flatMap(RoundTripCheck::concreteClasses);
    return Modifier.isAbstract(type.getModifiers())
        ? subclasses
        : Stream.concat(Stream.of(type), subclasses);
  }

  private static boolean isKotlin(Class<?> type) {
    return Arrays.stream(type.getAnnotations())
        .anyMatch(annotation -> annotation.annotationType().getName().equals("kotlin.Metadata"));
  }

  private static IllegalArgumentException refused(String path, JavaType type, String reason) {
    return new IllegalArgumentException(
        "%s is a %s: %s".formatted(path, type.getRawClass().getName(), reason));
  }
}
