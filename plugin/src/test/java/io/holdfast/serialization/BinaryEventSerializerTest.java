// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Binary payloads, with real Protobuf messages, alone and beside JSON. */
class BinaryEventSerializerTest {
  private static final String PROTOBUF = "application/protobuf";

  private static final Struct PARCEL =
      Struct.newBuilder()
          .putFields("weight", Value.newBuilder().setNumberValue(1.5).build())
          .putFields("to", Value.newBuilder().setStringValue("Ünterwegs 📦").build())
          .build();
  private static final Timestamp MOVED = Timestamp.newBuilder().setSeconds(17).build();

  record Renamed(String name) {}

  private static BinaryEventSerializer.Builder builder() {
    return BinaryEventSerializer.builder(PROTOBUF)
        .register("ParcelTaken", Struct.class, Struct::toByteArray, Struct::parseFrom)
        .register("ParcelMoved", Timestamp.class, Timestamp::toByteArray, Timestamp::parseFrom);
  }

  private static EventSerializer composite() {
    return CompositeEventSerializer.of(
            JsonEventSerializer.builder().register(Renamed.class).build())
        .with("Application/Protobuf", builder().build());
  }

  private static SerializedPayload bytes(String contentType, int... bytes) {
    byte[] array = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      array[i] = (byte) bytes[i];
    }
    return new SerializedPayload(contentType, ByteString.fromArrayUnsafe(array));
  }

  @Test
  void writesAndReadsProtobuf() {
    EventSerializer serializer = builder().build();
    assertThat(serializer.typeOf(PARCEL)).contains("ParcelTaken");
    SerializedPayload payload = serializer.serialize("ParcelTaken", PARCEL);
    assertThat(payload.contentType()).isEqualTo("application/protobuf");
    assertThat(payload.isJson()).isFalse();
    assertThat(payload.bytes().toArray()).isEqualTo(PARCEL.toByteArray());
    assertThat(serializer.deserialize("ParcelTaken", payload))
        .containsExactly(new TypedPayload("ParcelTaken", PARCEL));
    assertThat(serializer.serialize("ParcelTaken", PARCEL)).isEqualTo(payload);
  }

  @Test
  void saysWhatItCannotWrite() {
    EventSerializer serializer = builder().build();
    assertThat(serializer.typeOf("text")).isEmpty();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("ParcelLost", PARCEL))
        .withMessageContaining("'ParcelLost' is not registered");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("ParcelMoved", PARCEL))
        .withMessageContaining(Timestamp.class.getName())
        .withMessageContaining(Struct.class.getName());
  }

  @Test
  void saysWhatItCannotRead() {
    EventSerializer serializer = builder().build();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("ParcelMoved", bytes(PROTOBUF, 0xFF)))
        .withMessageContaining("'ParcelMoved'")
        .withCauseInstanceOf(InvalidProtocolBufferException.class);
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("ParcelMoved", bytes("application/json", '{')))
        .withMessageContaining("'application/json'")
        .withMessageContaining("'application/protobuf'");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("ParcelLost", bytes(PROTOBUF)))
        .withMessageContaining("'ParcelLost' is not registered");
  }

  @Test
  void refusesANameOrClassTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder()
                    .register(
                        "ParcelMoved", Duration.class, Duration::toByteArray, Duration::parseFrom))
        .withMessageContaining("'ParcelMoved'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> builder().register("Other", Struct.class, Struct::toByteArray, Struct::parseFrom))
        .withMessageContaining("'ParcelTaken'");
  }

  @Test
  void choosesByClassToWriteAndByContentTypeToRead() {
    EventSerializer serializer = composite();
    assertThat(serializer.typeOf(MOVED)).contains("ParcelMoved");
    assertThat(serializer.typeOf(new Renamed("x"))).contains("Renamed");
    assertThat(serializer.typeOf("text")).isEmpty();
    SerializedPayload binary = serializer.serialize("ParcelMoved", MOVED);
    SerializedPayload json = serializer.serialize("Renamed", new Renamed("x"));
    assertThat(binary.mediaType()).isEqualTo(PROTOBUF);
    assertThat(json.isJson()).isTrue();
    assertThat(serializer.deserialize("ParcelMoved", binary))
        .containsExactly(new TypedPayload("ParcelMoved", MOVED));
    assertThat(serializer.deserialize("Renamed", json))
        .containsExactly(new TypedPayload("Renamed", new Renamed("x")));
  }

  @Test
  void readsWhatATypeWasBeforeItsContentTypeChanged() {
    EventSerializer serializer =
        CompositeEventSerializer.of(
                JsonEventSerializer.builder().register("ParcelMoved", Renamed.class).build())
            .with(PROTOBUF, builder().build());
    assertThat(
            serializer.deserialize(
                "ParcelMoved",
                SerializedPayload.json(1, ByteString.fromString("{\"name\":\"x\"}"))))
        .containsExactly(new TypedPayload("ParcelMoved", new Renamed("x")));
    assertThat(serializer.deserialize("ParcelMoved", serializer.serialize("ParcelMoved", MOVED)))
        .containsExactly(new TypedPayload("ParcelMoved", MOVED));
  }

  @Test
  void refusesTwoSerializersOfOneMediaType() {
    CompositeEventSerializer composite =
        CompositeEventSerializer.of(JsonEventSerializer.create()).with(PROTOBUF, builder().build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> composite.with(PROTOBUF, builder().build()))
        .withMessageContaining("application/protobuf");
  }

  @Test
  void refusesToWriteWhatAnotherWouldRead() {
    EventSerializer serializer =
        CompositeEventSerializer.of(JsonEventSerializer.create())
            .with("application/x-protobuf", builder().build());
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("ParcelMoved", MOVED))
        .withMessageContaining("'application/protobuf'");
  }
}
