// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.NestedContents;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class JsonEventSerializerTest {
  record Placed(String book, int copies, List<String> tags, Map<String, BigDecimal> prices) {}

  sealed interface Change permits Renamed, Numeric, Paused {}

  record Renamed(String name) implements Change {}

  /** Concrete, but further down. */
  sealed interface Numeric extends Change permits Raised, Lowered {}

  record Raised(long by) implements Numeric {}

  record Lowered(long by) implements Numeric {}

  enum Paused implements Change {
    SHORTLY,
    FOR_LONG
  }

  record Dated(Instant at, LocalDate day, Duration length, Optional<String> note) {}

  abstract static class Open {}

  static final class Shipped extends Open {
    private final String carrier;

    @JsonCreator
    Shipped(@JsonProperty("carrier") String carrier) {
      this.carrier = carrier;
    }

    @JsonProperty
    String carrier() {
      return carrier;
    }
  }

  static final class Cyclic {
    @JsonProperty final Cyclic self = this;
  }

  static final class Other {
    record Placed(String other) {}

    private Other() {}
  }

  private final JsonNodeFactory nodes = JsonNodeFactory.instance;

  private static SerializedPayload json(String text) {
    return new SerializedPayload(SerializedPayload.JSON, ByteString.fromString(text));
  }

  private static Object roundTrip(EventSerializer serializer, Object payload) {
    String type = serializer.typeOf(payload).orElseThrow();
    return read(serializer, type, serializer.serialize(type, payload));
  }

  private static Object read(EventSerializer serializer, String type, SerializedPayload payload) {
    List<TypedPayload> read = serializer.deserialize(type, payload);
    assertThat(read).extracting(TypedPayload::type).containsExactly(type);
    return read.get(0).payload();
  }

  @Test
  void writesRecordsAsReadableJson() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Placed.class).build();
    Placed placed =
        new Placed("Ünïcode €", 2, List.of("a"), Map.of("eur", new BigDecimal("12.30")));
    assertThat(serializer.typeOf(placed)).contains("Placed");
    SerializedPayload payload = serializer.serialize("Placed", placed);
    assertThat(payload.contentType()).isEqualTo("application/json");
    assertThat(payload.isJson()).isTrue();
    assertThat(payload.bytes().utf8String())
        .isEqualTo(
            "{\"book\":\"Ünïcode €\",\"copies\":2,\"tags\":[\"a\"],\"prices\":{\"eur\":12.30}}");
    assertThat(read(serializer, "Placed", payload)).isEqualTo(placed);
  }

  @Test
  void keepsAnyUnicodeText() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Renamed.class).build();
    Renamed renamed = new Renamed("\u0000 \u007f ä € 📚 \uffff");
    assertThat(roundTrip(serializer, renamed)).isEqualTo(renamed);
  }

  @Test
  void takesClasses() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Shipped.class).build();
    Object read = roundTrip(serializer, new Shipped("mule"));
    assertThat(read).isInstanceOf(Shipped.class);
    assertThat(((Shipped) read).carrier()).isEqualTo("mule");
  }

  @Test
  void registersSealedTypesWithAllTheirSubtypes() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Change.class).build();
    for (Change change :
        List.of(new Renamed("x"), new Raised(1), new Lowered(Long.MIN_VALUE), Paused.FOR_LONG)) {
      assertThat(serializer.typeOf(change)).contains(change.getClass().getSimpleName());
      assertThat(roundTrip(serializer, change)).isEqualTo(change);
    }
  }

  @Test
  void refusesAbstractTypesThatAreNotSealed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonEventSerializer.builder().register(Open.class))
        .withMessageContaining(Open.class.getName())
        .withMessageContaining("register its concrete classes");
  }

  @Test
  void takesJsonTrees() {
    EventSerializer serializer = JsonEventSerializer.create();
    ObjectNode tree = nodes.objectNode().put("a", 1).putNull("b");
    tree.putArray("c").add("x 🎏").add(new BigDecimal("0.1000000000000000000010"));
    assertThat(serializer.typeOf(tree)).isEmpty();
    assertThat(read(serializer, "T", serializer.serialize("T", tree))).isEqualTo(tree);
  }

  @Test
  void readsJsonNullAsANode() {
    EventSerializer serializer = JsonEventSerializer.create();
    assertThat(serializer.serialize("T", NullNode.instance).bytes().utf8String()).isEqualTo("null");
    assertThat(read(serializer, "T", json("null"))).isEqualTo(NullNode.instance);
    EventSerializer typed = JsonEventSerializer.builder().register("T", Placed.class).build();
    assertThat(read(typed, "T", json("null"))).isEqualTo(NullNode.instance);
  }

  @Test
  void readsTypesThatAreNotRegisteredAsTrees() {
    EventSerializer serializer = JsonEventSerializer.create();
    assertThat(serializer.typeOf(new Renamed("x"))).isEmpty();
    SerializedPayload payload = serializer.serialize("Renamed", new Renamed("x"));
    assertThat(read(serializer, "Renamed", payload))
        .isInstanceOf(JsonNode.class)
        .isEqualTo(nodes.objectNode().put("name", "x"));
  }

  @Test
  void writesDatesAsIso8601() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Dated.class).build();
    Dated dated =
        new Dated(
            Instant.parse("2026-01-02T03:04:05.678901234Z"),
            LocalDate.of(2026, 2, 3),
            Duration.ofSeconds(90),
            Optional.of("n"));
    assertThat(serializer.serialize("Dated", dated).bytes().utf8String())
        .contains("\"2026-01-02T03:04:05.678901234Z\"", "\"2026-02-03\"", "\"n\"");
    assertThat(roundTrip(serializer, dated)).isEqualTo(dated);
    Dated without = new Dated(dated.at(), dated.day(), dated.length(), Optional.empty());
    assertThat(roundTrip(serializer, without)).isEqualTo(without);
  }

  @Test
  void ignoresUnknownProperties() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Renamed.class).build();
    assertThat(read(serializer, "Renamed", json("{\"name\":\"x\",\"since\":{\"v\":2}}")))
        .isEqualTo(new Renamed("x"));
  }

  @Test
  void readsEventsOfARenamedClassUnderTheirOldName() {
    EventSerializer serializer =
        JsonEventSerializer.builder().register("name-changed", Renamed.class).build();
    assertThat(serializer.typeOf(new Renamed("x"))).contains("name-changed");
    assertThat(read(serializer, "name-changed", json("{\"name\":\"x\"}")))
        .isEqualTo(new Renamed("x"));
  }

  @Test
  void refusesTwoClassesOfOneName() {
    JsonEventSerializer.Builder builder = JsonEventSerializer.builder().register(Placed.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.register(Other.Placed.class))
        .withMessageContaining("'Placed'")
        .withMessageContaining(Placed.class.getName())
        .withMessageContaining(Other.Placed.class.getName());
  }

  @Test
  void refusesTwoNamesOfOneClass() {
    JsonEventSerializer.Builder builder = JsonEventSerializer.builder().register(Placed.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.register("placed", Placed.class))
        .withMessageContaining("registered as 'Placed' already");
  }

  @Test
  void takesARepeatedRegistration() {
    EventSerializer serializer =
        JsonEventSerializer.builder().register(Renamed.class).register(Change.class).build();
    assertThat(serializer.typeOf(new Renamed("x"))).contains("Renamed");
  }

  @Test
  void staysAsItWasBuilt() {
    JsonEventSerializer.Builder builder = JsonEventSerializer.builder();
    EventSerializer serializer = builder.build();
    builder.register(Renamed.class);
    assertThat(serializer.typeOf(new Renamed("x"))).isEmpty();
  }

  @Test
  void saysWhatCannotBeWritten() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> JsonEventSerializer.create().serialize("T", new Cyclic()))
        .withMessageContaining("'T'")
        .withMessageContaining(Cyclic.class.getName());
  }

  @Test
  void saysWhatCannotBeRead() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Raised.class).build();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Raised", json("{\"by\":\"much\"}")))
        .withMessageContaining("'Raised'")
        .withMessageContaining(Raised.class.getName());
    SerializedPayload image = new SerializedPayload("image/png", ByteString.fromString("x"));
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Raised", image))
        .withMessageContaining("image/png");
  }

  @Test
  void usesTheGivenMapper() {
    EventSerializer strict =
        JsonEventSerializer.builder()
            .register(Renamed.class)
            .mapper(JsonMapper.builder().build())
            .build();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> strict.deserialize("Renamed", json("{\"name\":\"x\",\"more\":1}")));
  }

  // What is written can be read

  @Test
  void readsWhateverItWrites() {
    EventSerializer serializer = JsonEventSerializer.create();
    for (Object payload :
        List.of(
            Map.of("n", BigDecimal.TEN.pow(2_000)),
            Map.of("n", BigInteger.TEN.pow(5_000)),
            Map.of("n", new BigDecimal(BigInteger.ONE, Integer.MAX_VALUE)),
            Map.of("n", new BigDecimal(BigInteger.TEN.pow(5_000), 2_500)),
            Map.of("x".repeat(60_000), 1),
            Map.of("text", "x".repeat(20_000_001)),
            NestedContents.of(1_000))) {
      SerializedPayload written = serializer.serialize("T", payload);
      Object read = read(serializer, "T", written);
      assertThat(serializer.serialize("T", read).bytes().equals(written.bytes())).isTrue();
    }
  }

  /** A number of a class that Jackson does not know. */
  private static final class Fraction extends Number {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return "1/2";
    }

    @Override
    public int intValue() {
      return 0;
    }

    @Override
    public long longValue() {
      return 0;
    }

    @Override
    public float floatValue() {
      return 0;
    }

    @Override
    public double doubleValue() {
      return 0;
    }
  }

  record Raw(@JsonRawValue String json) {}

  @Test
  void refusesWhatItCouldNotRead() {
    EventSerializer serializer = JsonEventSerializer.create();
    for (Object payload :
        List.of(
            Map.of("n", new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE)),
            Map.of("n", new Fraction()),
            new Raw("{\"a\":"),
            new Raw("1 2"),
            new Raw(""),
            Map.of(1, "a", "1", "b"),
            NestedContents.of(1_001))) {
      assertThatExceptionOfType(SerializationException.class)
          .as("%s", payload.getClass())
          .isThrownBy(() -> serializer.serialize("T", payload))
          .withMessageContainingAll("'T'", payload.getClass().getName());
    }
  }

  @Test
  void refusesWhatTheGivenMapperCouldNotRead() {
    EventSerializer serializer =
        JsonEventSerializer.builder().mapper(JsonMapper.builder().build()).build();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("T", Map.of("n", BigDecimal.TEN.pow(2_000))))
        .withMessageContainingAll("could not be read again", "2001", "1000");
  }

  @Test
  void refusesTextsThatAreNotUnicode() {
    for (EventSerializer serializer :
        List.of(
            JsonEventSerializer.create(),
            JsonEventSerializer.builder().mapper(JsonMapper.builder().build()).build())) {
      for (String text : List.of("a\uD800b", "\uDC00", "a\uD800", "\uDC00\uD800")) {
        for (Object payload :
            List.of(
                text,
                List.of(text),
                Map.of("name", text),
                Map.of(text, 1),
                new Renamed(text),
                nodes.objectNode().put("a", text))) {
          assertThatExceptionOfType(SerializationException.class)
              .isThrownBy(() -> serializer.serialize("T", payload))
              .withMessageContaining("'T'");
        }
      }
    }
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(
            () ->
                JsonEventSerializer.create()
                    .serialize("T", Map.of("to", Map.of("name", "a\uD800b"))))
        .withMessageContainingAll("the text at '/to/name'", "half of a surrogate pair");
  }

  // Types

  @Test
  void refusesARegisteredClassUnderAnotherType() {
    EventSerializer serializer =
        JsonEventSerializer.builder().register(Renamed.class).register(Raised.class).build();
    for (String type : List.of("x", "Raised")) {
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(() -> serializer.serialize(type, new Renamed("n")))
          .withMessageContainingAll(
              Renamed.class.getName(), "registered as 'Renamed'", "type '" + type + "'");
    }
  }

  @Test
  void takesAnotherPayloadForARegisteredTypeIfItCanBeReadAsOne() {
    EventSerializer serializer = JsonEventSerializer.builder().register(Raised.class).build();
    SerializedPayload written = serializer.serialize("Raised", Map.of("by", 3));
    assertThat(read(serializer, "Raised", written)).isEqualTo(new Raised(3));
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("Raised", Map.of("by", "much")))
        .withMessageContainingAll("'Raised'", "cannot be read");
  }

  @Test
  void takesARegisteredClassUnderATypeThatIsUpcast() {
    EventSerializer serializer =
        JsonEventSerializer.builder()
            .register(Renamed.class)
            .upcaster("Named", 1, event -> List.of(new JsonEvent("Renamed", 1, event.payload())))
            .build();
    assertThat(serializer.deserialize("Named", serializer.serialize("Named", new Renamed("n"))))
        .containsExactly(new TypedPayload("Renamed", new Renamed("n")));
  }

  // Order

  private static String written(Object payload) {
    return JsonEventSerializer.create().serialize("T", payload).bytes().utf8String();
  }

  @Test
  void writesMapsAndSetsWithoutOrderInOne() {
    Map<String, Integer> linked = new LinkedHashMap<>();
    Map<String, Integer> hashed = new HashMap<>();
    for (String name : List.of("d", "b", "e", "a", "c")) {
      linked.put(name, 1);
      hashed.put(name, 1);
    }
    String sorted = "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1}";
    assertThat(written(Map.copyOf(linked))).isEqualTo(sorted);
    assertThat(written(hashed)).isEqualTo(sorted);
    assertThat(written(new ConcurrentHashMap<>(linked))).isEqualTo(sorted);
    assertThat(written(linked)).isEqualTo("{\"d\":1,\"b\":1,\"e\":1,\"a\":1,\"c\":1}");
    assertThat(written(Set.of("d", "b", "a", "c"))).isEqualTo("[\"a\",\"b\",\"c\",\"d\"]");
    assertThat(written(linked.keySet())).isEqualTo("[\"a\",\"b\",\"c\",\"d\",\"e\"]");
    assertThat(written(new LinkedHashSet<>(List.of("b", "a")))).isEqualTo("[\"b\",\"a\"]");
    assertThat(written(new TreeSet<>(Set.of(10, 9)))).isEqualTo("[9,10]");
    assertThat(written(Map.of("s", Set.of(new Raised(2), new Raised(1), new Raised(3)))))
        .isEqualTo("{\"s\":[{\"by\":1},{\"by\":2},{\"by\":3}]}");
    assertThat(written(Map.of(Paused.SHORTLY, Set.of(), Paused.FOR_LONG, Map.of())))
        .isEqualTo("{\"FOR_LONG\":{},\"SHORTLY\":[]}");
  }

  record Tagged(Set<String> tags, Collection<Paused> states, Map<Paused, Set<Integer>> numbers) {}

  @Test
  void writesThoseOfRecordsInOneOrderToo() {
    Tagged tagged =
        new Tagged(
            Set.of("b", "a"),
            Set.of(Paused.SHORTLY, Paused.FOR_LONG),
            Map.of(Paused.SHORTLY, Set.of(2, 1), Paused.FOR_LONG, Set.of(4, 3)));
    assertThat(written(tagged))
        .isEqualTo(
            "{\"tags\":[\"a\",\"b\"],\"states\":[\"FOR_LONG\",\"SHORTLY\"],"
                + "\"numbers\":{\"FOR_LONG\":[3,4],\"SHORTLY\":[1,2]}}");
    EventSerializer serializer = JsonEventSerializer.builder().register(Tagged.class).build();
    Tagged read = (Tagged) roundTrip(serializer, tagged);
    assertThat(read.tags()).isEqualTo(tagged.tags());
    assertThat(read.numbers()).isEqualTo(tagged.numbers());
  }
}
