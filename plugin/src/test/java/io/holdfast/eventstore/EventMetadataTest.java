// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.NestedContents;
import io.holdfast.serialization.SerializationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventMetadataTest {
  private static final EventMetadata EMPTY = EventMetadata.empty();

  private static EventMetadata stored(EventMetadata metadata) {
    return MetadataJson.read(MetadataJson.write(metadata));
  }

  @Test
  void isEmptyUntilSomethingIsSet() {
    assertThat(EMPTY.isEmpty()).isTrue();
    assertThat(new EventMetadata(null, null, null, Map.of()).isEmpty()).isTrue();
    assertThat(EMPTY.withUserId("u").isEmpty()).isFalse();
    assertThat(EMPTY.with("k", null).isEmpty()).isFalse();
  }

  @Test
  void setsOneThingAndKeepsTheRest() {
    EventMetadata metadata =
        EMPTY.withCausationId("c").withCorrelationId("r").withUserId("u").with("k", 1).with("l", 2);
    assertThat(metadata.with("k", 3))
        .isEqualTo(new EventMetadata("c", "r", "u", Map.of("k", 3, "l", 2)));
    assertThat(metadata.entries()).isEqualTo(Map.of("k", 1, "l", 2));
    assertThat(EMPTY.isEmpty()).isTrue();
  }

  private static StreamDomainEvent<String> event(String id, EventMetadata metadata) {
    return new StreamDomainEvent<>(id, "stream", "Noted", 1, 0, "text", metadata);
  }

  @Test
  void beginsAConversationWithAnEventThatBelongsToNone() {
    assertThat(EventMetadata.causedBy(event("e-1", EMPTY)))
        .isEqualTo(EMPTY.withCausationId("e-1").withCorrelationId("e-1"));
  }

  @Test
  void goesOnWithTheConversationOfTheEventThatIsTheCause() {
    EventMetadata metadata = new EventMetadata("c", "r", "u", Map.of("k", 1));
    EventMetadata next = EventMetadata.causedBy(event("e-2", metadata));
    assertThat(next).isEqualTo(EMPTY.withCausationId("e-2").withCorrelationId("r"));
    assertThat(EventMetadata.causedBy(event("e-3", next)))
        .isEqualTo(EMPTY.withCausationId("e-3").withCorrelationId("r"));
  }

  @Test
  void doesNotChangeWithWhatItWasMadeOf() {
    List<Object> list = new ArrayList<>(List.of("a"));
    Map<String, Object> nested = new HashMap<>(Map.of("list", list));
    Map<String, Object> entries = new HashMap<>(Map.of("nested", nested));
    EventMetadata metadata = new EventMetadata(null, null, null, entries);
    list.add("b");
    nested.put("more", 1);
    entries.put("more", 1);
    assertThat(metadata.entries()).isEqualTo(Map.of("nested", Map.of("list", List.of("a"))));
  }

  @Test
  void cannotBeChangedThroughWhatItGives() {
    EventMetadata metadata =
        EMPTY.with("map", new HashMap<>(Map.of("k", 1))).with("list", new ArrayList<>(List.of(1)));
    Map<String, @Nullable Object> entries = metadata.entries();
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> entries.put("x", 1));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> ((Map<?, ?>) requireNonNull(entries.get("map"))).clear());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> ((List<?>) requireNonNull(entries.get("list"))).clear());
  }

  @Test
  void keepsTheOrderOfEntries() {
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    for (String name : List.of("z", "a", "m", "b")) {
      entries.put(name, name);
    }
    EventMetadata metadata = new EventMetadata("c", null, null, entries);
    assertThat(metadata.entries().keySet()).containsExactly("z", "a", "m", "b");
    assertThat(MetadataJson.write(metadata))
        .isEqualTo("{\"causationId\":\"c\",\"z\":\"z\",\"a\":\"a\",\"m\":\"m\",\"b\":\"b\"}");
    assertThat(stored(metadata).entries().keySet()).containsExactly("z", "a", "m", "b");
  }

  @Test
  void comesBackFromStorageAsItWas() {
    Map<String, @Nullable Object> nested = new LinkedHashMap<>();
    nested.put("null", null);
    nested.put("list", Arrays.asList(1, null, "x", List.of(true, Map.of("deep", -1))));
    EventMetadata metadata =
        new EventMetadata("c", "r", "u", Map.of())
            .with("text", "\"quoted\" \u0000 📚")
            .with("int", Integer.MAX_VALUE)
            .with("long", Long.MAX_VALUE)
            .with("big", new BigInteger("123456789012345678901234567890"))
            .with("decimal", new BigDecimal("12.3400"))
            .with("flag", false)
            .with("nothing", null)
            .with("nested", nested);
    assertThat(stored(metadata)).isEqualTo(metadata);
  }

  @Test
  void isNotStoredWhereNothingIsSet() {
    assertThat(MetadataJson.write(EMPTY)).isNull();
    assertThat(MetadataJson.read(null)).isEqualTo(EMPTY);
    assertThat(MetadataJson.read("{}")).isEqualTo(EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"causationId", "correlationId", "userId"})
  void refusesEntriesOfTakenNames(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMPTY.with(name, "x"))
        .withMessageContaining("'" + name + "'");
    Map<String, Object> nested = Map.of(name, "x");
    assertThat(EMPTY.with("nested", nested).entries()).containsEntry("nested", nested);
  }

  @Test
  void refusesWhatJsonCannotSay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMPTY.with("at", Instant.EPOCH))
        .withMessageContaining("'at'")
        .withMessageContaining("java.time.Instant");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMPTY.with("a", Map.of("b", List.of(new Object()))))
        .withMessageContaining("'a.b'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMPTY.with("a", Map.of(1, "x")))
        .withMessageContaining("'1'");
  }

  @Test
  void refusesNumbersThatJsonCannotSay() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> EMPTY.with("number", value))
          .withMessageContaining("'number'");
    }
  }

  @Test
  void saysWhatCannotBeRead() {
    for (String json : List.of("[]", "{\"userId\":1}", "{")) {
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(() -> MetadataJson.read(json))
          .withMessageContaining("metadata");
    }
  }

  @Test
  void readsWhateverItWrites() {
    EventMetadata metadata =
        EMPTY
            .with("integer", BigInteger.TEN.pow(5_000))
            .with("decimal", new BigDecimal(BigInteger.TEN.pow(5_000).add(BigInteger.ONE), 2_500))
            .with("x".repeat(60_000), "y".repeat(100_000))
            .with("nested", NestedContents.of(500));
    assertThat(stored(metadata).equals(metadata)).isTrue();
  }

  @Test
  void refusesWhatItCouldNotRead() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMPTY.with("deep", NestedContents.of(501)))
        .withMessageContainingAll("'deep", "500");
    List<Object> circle = new ArrayList<>();
    circle.add(circle);
    assertThatIllegalArgumentException().isThrownBy(() -> EMPTY.with("circle", circle));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMPTY.with("count", new AtomicInteger(1)))
        .withMessageContainingAll("'count'", "AtomicInteger");
    EventMetadata decimal = EMPTY.with("n", new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE));
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> MetadataJson.write(decimal))
        .withMessageContaining("metadata");
  }

  @Test
  void refusesTextsThatAreNotUnicode() {
    String text = "a\uD800b";
    for (EventMetadata metadata :
        List.of(
            EMPTY.with("x", text),
            EMPTY.with(text, "x"),
            EMPTY.with("x", List.of(Map.of("y", text))),
            EMPTY.withCausationId(text),
            EMPTY.withCorrelationId(text),
            EMPTY.withUserId(text))) {
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(() -> MetadataJson.write(metadata))
          .withMessageContainingAll("metadata", "half of a surrogate pair");
    }
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> MetadataJson.write(EMPTY.with("x", List.of(Map.of("y", text)))))
        .withMessageContaining("the text at '/x/0/y'");
  }
}
