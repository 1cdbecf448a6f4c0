// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class UpcastersTest {
  sealed interface Order {}

  record Placed(String item, int quantity, String currency) implements Order {}

  record Paid(BigDecimal amount) implements Order {}

  record Renamed(String name) implements Order {}

  private static SerializedPayload json(int schemaVersion, String text) {
    return SerializedPayload.json(schemaVersion, ByteString.fromString(text));
  }

  private static JsonEventSerializer.Builder builder() {
    return JsonEventSerializer.builder().register(Order.class);
  }

  /** From version 1 by way of 2 to 3. */
  private static JsonEventSerializer.Builder placed() {
    return builder()
        .register("Placed", Placed.class, 3)
        .upcaster("Placed", 2, event -> List.of(event.next(event.object().put("currency", "EUR"))))
        .upcaster("Placed", 1, event -> List.of(event.next(event.object().put("quantity", 1))));
  }

  private static TypedPayload one(EventSerializer serializer, String type, SerializedPayload from) {
    List<TypedPayload> read = serializer.deserialize(type, from);
    assertThat(read).hasSize(1);
    return read.get(0);
  }

  @Test
  void writesTheRegisteredVersion() {
    EventSerializer serializer = placed().build();
    Placed event = new Placed("book", 2, "SEK");
    SerializedPayload payload = serializer.serialize("Placed", event);
    assertThat(payload.contentType()).isEqualTo("application/json; schema=3");
    assertThat(payload.isJson()).isTrue();
    assertThat(one(serializer, "Placed", payload).payload()).isEqualTo(event);
    assertThat(serializer.serialize("Placed", Map.of("item", "map")).schemaVersion()).isEqualTo(3);
    assertThat(serializer.serialize("Paid", new Paid(BigDecimal.ONE)).contentType())
        .isEqualTo("application/json");
  }

  @Test
  void leadsOldVersionsToTodays() {
    EventSerializer serializer = placed().build();
    assertThat(one(serializer, "Placed", json(1, "{\"item\":\"book\"}")))
        .isEqualTo(new TypedPayload("Placed", new Placed("book", 1, "EUR")));
    assertThat(one(serializer, "Placed", json(2, "{\"item\":\"book\",\"quantity\":7}")))
        .isEqualTo(new TypedPayload("Placed", new Placed("book", 7, "EUR")));
  }

  @Test
  void keepsEveryDigitOnTheWay() {
    EventSerializer serializer =
        builder()
            .register("Paid", Paid.class, 2)
            .upcaster("Paid", 1, event -> List.of(event.next(event.payload())))
            .build();
    assertThat(one(serializer, "Paid", json(1, "{\"amount\":0.1000000000000000000010}")).payload())
        .isEqualTo(new Paid(new BigDecimal("0.1000000000000000000010")));
  }

  @Test
  void renamesTypes() {
    EventSerializer serializer =
        builder()
            .upcaster(
                "NameChanged", 1, event -> List.of(new JsonEvent("Renamed", 1, event.payload())))
            .build();
    assertThat(one(serializer, "NameChanged", json(1, "{\"name\":\"x\"}")))
        .isEqualTo(new TypedPayload("Renamed", new Renamed("x")));
  }

  @Test
  void splitsAndDropsInOrder() {
    EventSerializer serializer =
        placed()
            .upcaster(
                "Bought",
                1,
                event ->
                    List.of(
                        new JsonEvent(
                            "Placed",
                            1,
                            event.object().objectNode().set("item", event.payload().get("item"))),
                        new JsonEvent("Noise", 1, event.payload()),
                        new JsonEvent(
                            "Paid",
                            1,
                            event
                                .object()
                                .objectNode()
                                .set("amount", event.payload().get("amount")))))
            .upcaster("Noise", 1, event -> List.of())
            .build();
    assertThat(serializer.deserialize("Bought", json(1, "{\"item\":\"book\",\"amount\":3}")))
        .containsExactly(
            new TypedPayload("Placed", new Placed("book", 1, "EUR")),
            new TypedPayload("Paid", new Paid(new BigDecimal("3"))));
    assertThat(serializer.deserialize("Noise", json(1, "17"))).isEmpty();
  }

  @Test
  void readsUnknownTypesOfAnyVersionAsTrees() {
    EventSerializer serializer =
        builder()
            .upcaster(
                "Old", 1, event -> List.of(new JsonEvent("Unknown", 9, TextNode.valueOf("u"))))
            .build();
    assertThat(one(serializer, "Other", json(4, "{\"a\":1}")).payload())
        .isEqualTo(JsonNodeFactory.instance.objectNode().put("a", 1));
    assertThat(one(serializer, "Old", json(1, "{}")))
        .isEqualTo(new TypedPayload("Unknown", TextNode.valueOf("u")));
  }

  @Test
  void refusesVersionsOfNewerPrograms() {
    EventSerializer serializer = placed().build();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Placed", json(4, "{}")))
        .withMessageContaining("'Placed'")
        .withMessageContaining("schema version 4")
        .withMessageContaining("version 3 is registered");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Renamed", json(2, "{}")))
        .withMessageContaining("schema version 2")
        .withMessageContaining("version 1 is registered");
  }

  @Test
  void refusesATypeWithoutAWayFromAnEarlierVersion() {
    JsonEventSerializer.Builder gap =
        builder()
            .register("Placed", Placed.class, 3)
            .upcaster("Placed", 2, event -> List.of(event.next(event.payload())));
    assertThatIllegalArgumentException()
        .isThrownBy(gap::build)
        .withMessageContaining("'Placed'")
        .withMessageContaining("schema version 3")
        .withMessageContaining("version 1 have no upcaster");
  }

  @Test
  void refusesTwoUpcastersOfOneVersion() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> placed().upcaster("Placed", 1, event -> List.of()))
        .withMessage("event type 'Placed', schema version 1 has an upcaster already");
  }

  @Test
  void refusesTwoVersionsOfOneType() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> placed().register("Placed", Placed.class, 2))
        .withMessageContaining("schema version 3 already, and now with 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().register("Placed", Placed.class, 0))
        .withMessageContaining("schema version 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JsonEvent("Placed", 0, TextNode.valueOf("")))
        .withMessageContaining("schema version 0");
  }

  @Test
  void takesAVersionBeforeAndAfterTheSealedType() {
    EventSerializer serializer = placed().register(Order.class).build();
    assertThat(serializer.serialize("Placed", Map.of()).schemaVersion()).isEqualTo(3);
  }

  @Test
  void staysAsItWasBuilt() {
    JsonEventSerializer.Builder builder = placed();
    EventSerializer serializer = builder.build();
    builder.register("Paid", Paid.class, 2).upcaster("Paid", 1, event -> List.of());
    assertThat(serializer.serialize("Paid", new Paid(BigDecimal.ONE)).schemaVersion()).isEqualTo(1);
    assertThat(serializer.deserialize("Paid", json(1, "{\"amount\":1}"))).hasSize(1);
  }

  @Test
  void endsCircles() {
    EventSerializer serializer =
        builder()
            .upcaster("A", 1, event -> List.of(new JsonEvent("B", 2, event.payload())))
            .upcaster("B", 2, event -> List.of(new JsonEvent("A", 1, event.payload())))
            .upcaster("C", 1, event -> List.of(event))
            .build();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("A", json(1, "{}")))
        .withMessageContaining("event type 'A', schema version 1")
        .withMessageContaining("1,000 times")
        .withMessageContaining("circle");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("C", json(1, "{}")))
        .withMessageContaining("event type 'C', schema version 1")
        .withMessageContaining("same type and version");
  }

  @Test
  void takesAThousandSteps() {
    JsonEventSerializer.Builder builder = JsonEventSerializer.builder();
    for (int version = 1; version <= 1_000; version++) {
      builder.upcaster("T", version, event -> List.of(event.next(event.payload())));
    }
    builder.register("T", Map.class, 1_001);
    assertThat(one(builder.build(), "T", json(1, "{\"a\":\"b\"}")).payload())
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsExactly(entry("a", "b"));
  }

  @Test
  void saysWhichUpcasterFailed() {
    EventSerializer serializer = placed().build();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Placed", json(2, "[1]")))
        .withMessageContaining("the upcaster of event type 'Placed', schema version 2 failed")
        .withMessageContaining("no JSON object but ARRAY");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Placed", json(1, "{\"item\":")))
        .withMessageContaining("'Placed'");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Placed", json(2, "{\"quantity\":\"many\"}")))
        .withMessageContaining(Placed.class.getName());
  }
}
