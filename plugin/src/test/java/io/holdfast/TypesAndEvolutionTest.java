// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Timestamp;
import io.holdfast.serialization.BinaryEventSerializer;
import io.holdfast.serialization.CompositeEventSerializer;
import io.holdfast.serialization.CompressingEventSerializer;
import io.holdfast.serialization.EncryptingEventSerializer;
import io.holdfast.serialization.EncryptionKeys;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEvent;
import io.holdfast.serialization.JsonEventSerializer;
import io.holdfast.serialization.SerializationException;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.serialization.TypedPayload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** The examples of {@code docs/types-and-evolution.md}, word for word. */
class TypesAndEvolutionTest {
  sealed interface OrderEvent {}

  record OrderPlaced(String item, int quantity, String currency) implements OrderEvent {}

  record OrderShipped(String carrier) implements OrderEvent {}

  static class Orders {
    static EventSerializer serializer() {
      return JsonEventSerializer.builder().register(OrderEvent.class).build();
    }
  }

  static class Evolved {
    static EventSerializer serializer() {
      return JsonEventSerializer.builder()
          .register(OrderEvent.class)
          .register("OrderPlaced", OrderPlaced.class, 3)
          // one to one, in two steps
          .upcaster(
              "OrderPlaced", 1, event -> List.of(event.next(event.object().put("quantity", 1))))
          .upcaster(
              "OrderPlaced", 2, event -> List.of(event.next(event.object().put("currency", "EUR"))))
          // another name
          .upcaster(
              "OrderSent", 1, event -> List.of(new JsonEvent("OrderShipped", 1, event.payload())))
          // one to many
          .upcaster(
              "OrderSold",
              1,
              event ->
                  List.of(
                      new JsonEvent("OrderPlaced", 2, event.payload()),
                      new JsonEvent("OrderShipped", 1, event.payload())))
          // dropped
          .upcaster("OrderViewed", 1, event -> List.of())
          .build();
    }
  }

  static class Formats {
    static EventSerializer withProtobuf(EventSerializer json) {
      EventSerializer protobuf =
          BinaryEventSerializer.builder("application/protobuf")
              .register(
                  "ParcelMoved", Timestamp.class, Timestamp::toByteArray, Timestamp::parseFrom)
              .build();
      return CompositeEventSerializer.of(json).with("application/protobuf", protobuf);
    }
  }

  interface PersonalData {
    String personId();
  }

  record PersonKeys(Map<String, SecretKey> keys) implements EncryptionKeys {
    @Override
    public Optional<String> keyIdFor(String type, Object payload) {
      return payload instanceof PersonalData data ? Optional.of(data.personId()) : Optional.empty();
    }

    @Override
    public Optional<SecretKey> key(String keyId) {
      return Optional.ofNullable(keys.get(keyId));
    }
  }

  static class Secrets {
    static EncryptingEventSerializer encrypted(EventSerializer inner, Map<String, SecretKey> keys) {
      EventSerializer compressed = CompressingEventSerializer.of(inner).thresholdBytes(4096);
      return EncryptingEventSerializer.of(compressed, new PersonKeys(keys));
    }
  }

  record PersonMoved(String personId, String street) implements PersonalData {}

  private static List<Object> read(
      EventSerializer serializer, String type, SerializedPayload stored) {
    return serializer.deserialize(type, stored).stream().map(TypedPayload::payload).toList();
  }

  private static SerializedPayload json(int schemaVersion, String text) {
    return SerializedPayload.json(schemaVersion, ByteString.fromString(text));
  }

  private static void assertWrittenAndRead(EventSerializer serializer, Object payload) {
    String type = serializer.typeOf(payload).orElseThrow();
    assertThat(read(serializer, type, serializer.serialize(type, payload)))
        .containsExactly(payload);
  }

  @Test
  void registersTypes() {
    EventSerializer orders = Orders.serializer();
    assertWrittenAndRead(orders, new OrderPlaced("book", 1, "EUR"));
    assertWrittenAndRead(orders, new OrderShipped("bike"));
  }

  @Test
  void readsWhatWasStoredLongAgo() {
    EventSerializer evolved = Evolved.serializer();
    assertWrittenAndRead(evolved, new OrderPlaced("book", 2, "SEK"));
    OrderPlaced placed = new OrderPlaced("book", 1, "EUR");
    OrderShipped shipped = new OrderShipped("bike");
    assertThat(read(evolved, "OrderPlaced", json(1, "{\"item\":\"book\"}")))
        .containsExactly(placed);
    assertThat(read(evolved, "OrderPlaced", json(2, "{\"item\":\"book\",\"quantity\":1}")))
        .containsExactly(placed);
    assertThat(read(evolved, "OrderSent", json(1, "{\"carrier\":\"bike\"}")))
        .containsExactly(shipped);
    assertThat(
            read(
                evolved,
                "OrderSold",
                json(1, "{\"item\":\"book\",\"quantity\":1,\"carrier\":\"bike\"}")))
        .containsExactly(placed, shipped);
    assertThat(read(evolved, "OrderViewed", json(1, "{}"))).isEmpty();
  }

  @Test
  void writesOtherContentTypesCompressedAndEncrypted() {
    EventSerializer evolved =
        JsonEventSerializer.builder()
            .register(OrderEvent.class)
            .register(PersonMoved.class)
            .build();
    Map<String, SecretKey> keys = new HashMap<>();
    keys.put("ann", new SecretKeySpec(new byte[32], "AES"));

    EncryptingEventSerializer encrypted = Secrets.encrypted(Formats.withProtobuf(evolved), keys);
    PersonMoved moved = new PersonMoved("ann", "Long Street ".repeat(1_000));
    assertWrittenAndRead(encrypted, moved);
    assertWrittenAndRead(encrypted, new OrderShipped("bike"));
    assertWrittenAndRead(encrypted, Timestamp.newBuilder().setSeconds(1).build());
    SerializedPayload stored = encrypted.serialize("PersonMoved", moved);
    keys.clear();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> encrypted.deserialize("PersonMoved", stored))
        .withMessageContaining("'ann'");
    assertThat(encrypted.skippingDeletedKeys().deserialize("PersonMoved", stored)).isEmpty();
  }

  @Test
  void standsInTheGuide() throws Exception {
    String guide = Files.readString(Path.of("../docs/types-and-evolution.md"));
    String here =
        bare(Files.readString(Path.of("src/test/java/io/holdfast/TypesAndEvolutionTest.java")));
    assertThat(Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide).results())
        .hasSize(4)
        .allSatisfy(example -> assertThat(here).contains(bare(example.group(1))));
  }

  private static String bare(String code) {
    return code.replaceAll("(?m)^import .*$", "")
        .replace("static class", "class")
        .replaceAll("\\s", "");
  }
}
