// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import kotlin.Metadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Types that {@code build()} refuses because events of them could be written and never read. */
@SuppressWarnings({"ArrayRecordComponent", "ClassCanBeStatic"}) // users may have such classes
class RoundTripCheckTest {
  sealed interface Method {}

  record Card(String number) implements Method {}

  record Cash() implements Method {}

  record Paid(Method method) {}

  record PaidInParts(List<Method> methods) {}

  record PaidByPerson(Map<String, Method> methods) {}

  record PaidPerhaps(Optional<Method> method) {}

  record PaidByAll(Map<String, Optional<List<Set<Method>>>> methods) {}

  record PaidInArray(Method[] methods) {}

  record PaidLater(AtomicReference<Method> method) {}

  record Part(Method method, int cents) {}

  record PaidDeeply(List<Part> parts) {}

  abstract static class Shape {
    public int size;
  }

  record Drawn(Shape shape) {}

  record Key(String a, String b) {}

  record Indexed(Map<Key, String> values) {}

  static class NoCreator {
    private final String name;
    private final int size;

    NoCreator(String name, int size) {
      this.name = name;
      this.size = size;
    }

    public String getName() {
      return name;
    }

    public int getSize() {
      return size;
    }
  }

  record Holds(NoCreator thing) {}

  /** Its constructor takes a text, and its JSON is an object. */
  static class OneText {
    private final String name;

    public OneText(String name) {
      this.name = name;
    }

    public String getName() {
      return name;
    }
  }

  class Inner {
    public String name = "";
  }

  @Metadata
  static class Kotlin extends NoCreator {
    Kotlin(String name, int size) {
      super(name, size);
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  sealed interface Unnamed {}

  record One(int one) implements Unnamed {}

  record HasUnnamed(List<Unnamed> values) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({@JsonSubTypes.Type(Two.class), @JsonSubTypes.Type(Three.class)})
  sealed interface Named {}

  record Two(int two) implements Named {}

  record Three(@Nullable Three next, @Nullable Named other) implements Named {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes(@JsonSubTypes.Type(Bad.class))
  sealed interface NamedBadly {}

  record Bad(Method method) implements NamedBadly {}

  record HasBad(NamedBadly value) {}

  static class Bean {
    private String text = "";

    public String getText() {
      return text;
    }

    public void setText(String text) {
      this.text = text;
    }

    /** Read, and never written. */
    public void setShape(Shape shape) {}
  }

  static final class Amount {
    private final long cents;

    @JsonCreator
    Amount(@JsonProperty("cents") long cents) {
      this.cents = cents;
    }

    @JsonProperty
    long cents() {
      return cents;
    }
  }

  record Name(@JsonValue String text) {}

  record Ignores(int a, @JsonIgnore Method method) {}

  record Generic<T>(T value, Collection<? extends Number> numbers) {}

  record AtTime(Instant at) {}

  record Fine(
      Named named,
      Map<String, List<Named>> all,
      Bean bean,
      Amount amount,
      Name name,
      Ignores ignores,
      Generic<String> generic,
      Object any,
      JsonNode tree,
      Optional<Named> maybe,
      Fine[] children,
      CharSequence text,
      Cash empty) {}

  private static JsonEventSerializer.Builder builder() {
    return JsonEventSerializer.builder();
  }

  private static void assertRefused(Class<?> type, String... parts) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().register("Happened", type).build())
        .withMessageContainingAll("'Happened' (" + type.getName() + ")", "not be read")
        .withMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Paid.class,
        PaidInParts.class,
        PaidByPerson.class,
        PaidPerhaps.class,
        PaidByAll.class,
        PaidInArray.class,
        PaidLater.class,
        PaidDeeply.class,
        HasBad.class
      })
  void refusesWhatHasAnAbstractTypeWithoutItsClassInTheJson(Class<?> type) {
    assertRefused(type, ".method", Method.class.getName(), "abstract", "@JsonTypeInfo");
  }

  @Test
  void refusesAbstractClassesAndKeys() {
    assertRefused(Drawn.class, "Drawn.shape", Shape.class.getName(), "abstract");
    assertRefused(Indexed.class, Key.class.getName());
  }

  @Test
  void namesThePlace() {
    assertRefused(PaidDeeply.class, "PaidDeeply.parts[].method is a " + Method.class.getName());
    assertRefused(HasBad.class, "HasBad.value (Bad).method is a ");
  }

  @ParameterizedTest
  @ValueSource(classes = {NoCreator.class, Holds.class, OneText.class, Inner.class})
  void refusesClassesWithoutACreator(Class<?> type) {
    assertRefused(type, "@JsonCreator");
  }

  @Test
  void namesKotlinsModule() {
    assertRefused(Kotlin.class, "jackson-module-kotlin");
  }

  @Test
  void refusesSealedTypesWhoseClassesAreNotNamed() {
    assertRefused(HasUnnamed.class, "HasUnnamed.values[]", One.class.getName(), "@JsonSubTypes");
  }

  @Test
  void looksWithTheMapperThatIsGiven() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> builder().register(AtTime.class).mapper(JsonMapper.builder().build()).build())
        .withMessageContainingAll("AtTime.at", "java.time.Instant", "module");
    assertThatCode(
            () ->
                builder()
                    .register(Drawn.class)
                    .mapper(
                        JsonMapper.builder()
                            .activateDefaultTyping(
                                com.fasterxml.jackson.databind.jsontype
                                    .BasicPolymorphicTypeValidator.builder()
                                    .allowIfBaseType(Shape.class)
                                    .build())
                            .build())
                    .build())
        .doesNotThrowAnyException();
  }

  static class ShapesReader extends JsonDeserializer<List<Shape>> {
    @Override
    public List<Shape> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      parser.skipChildren();
      return List.of();
    }
  }

  record DrawnByHand(@JsonDeserialize(using = ShapesReader.class) List<Shape> shapes) {}

  static class Tree extends HashMap<String, Tree> {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void takesContainersWithADeserializerOfTheirOwnAndThoseOfThemselves() {
    assertThatCode(() -> builder().register(DrawnByHand.class).register("Tree", Tree.class).build())
        .doesNotThrowAnyException();
  }

  @Test
  void takesWhatCanBeRead() {
    EventSerializer serializer = builder().register(Fine.class).register(Named.class).build();
    Bean bean = new Bean();
    bean.setText("b");
    Fine fine =
        new Fine(
            new Three(new Three(null, null), new Two(2)),
            Map.of("x", List.of(new Two(1))),
            bean,
            new Amount(3),
            new Name("n"),
            new Ignores(1, new Card("c")),
            new Generic<>("g", List.of(1)),
            1,
            com.fasterxml.jackson.databind.node.NullNode.instance,
            Optional.of(new Two(4)),
            new Fine[0],
            "t",
            new Cash());
    SerializedPayload written = serializer.serialize("Fine", fine);
    Fine read = (Fine) serializer.deserialize("Fine", written).get(0).payload();
    assertThat(read.named()).isEqualTo(fine.named());
    assertThat(read.all()).isEqualTo(fine.all());
    assertThat(read.amount().cents()).isEqualTo(3);
    assertThat(read.maybe()).isEqualTo(fine.maybe());
  }
}
