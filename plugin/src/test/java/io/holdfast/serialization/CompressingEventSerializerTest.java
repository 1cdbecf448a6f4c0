// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class CompressingEventSerializerTest {
  record Noted(String text) {}

  private static final Noted LONG = new Noted("once upon a time ".repeat(200));

  private final EventSerializer plain =
      JsonEventSerializer.builder()
          .register("Noted", Noted.class, 2)
          .upcaster("Noted", 1, event -> List.of())
          .build();
  private final CompressingEventSerializer serializer = CompressingEventSerializer.of(plain);

  @Test
  void compressesWhatIsLarge() throws Exception {
    SerializedPayload payload = serializer.serialize("Noted", LONG);
    assertThat(payload.contentType())
        .isEqualTo("application/vnd.holdfast.gzip; content=\"application/json; schema=2\"");
    assertThat(payload.isJson()).isFalse();
    assertThat(payload.bytes().size()).isLessThan(200);
    try (GZIPInputStream gzip =
        new GZIPInputStream(new ByteArrayInputStream(payload.bytes().toArray()))) {
      assertThat(gzip.readAllBytes()).isEqualTo(plain.serialize("Noted", LONG).bytes().toArray());
    }
    assertThat(serializer.deserialize("Noted", payload))
        .containsExactly(new TypedPayload("Noted", LONG));
    assertThat(serializer.typeOf(LONG)).contains("Noted");
  }

  @Test
  void leavesSmallPayloadsReadable() {
    Noted small = new Noted("x".repeat(1_000));
    assertThat(serializer.serialize("Noted", small)).isEqualTo(plain.serialize("Noted", small));
    Noted atThreshold = new Noted("x".repeat(1_024 - "{\"text\":\"\"}".length()));
    assertThat(serializer.serialize("Noted", atThreshold).isJson()).isFalse();
  }

  @Test
  void leavesPayloadsAloneThatDoNotGetSmaller() {
    byte[] noise = new byte[5_000];
    new Random(1).nextBytes(noise);
    EventSerializer binary =
        CompressingEventSerializer.of(
                BinaryEventSerializer.builder("application/octet-stream")
                    .register("Noise", byte[].class, bytes -> bytes, bytes -> bytes)
                    .build())
            .maxBytes(100);
    SerializedPayload payload = binary.serialize("Noise", noise);
    assertThat(payload.contentType()).isEqualTo("application/octet-stream");
    assertThat(payload.bytes().size()).isEqualTo(5_000);
    assertThat(serializer.thresholdBytes(0).serialize("Noted", new Noted("")).isJson()).isTrue();
  }

  @Test
  void readsWhatWasWrittenBefore() {
    assertThat(serializer.deserialize("Noted", plain.serialize("Noted", LONG)))
        .containsExactly(new TypedPayload("Noted", LONG));
  }

  @Test
  void givesTheSameBytesEachTime() {
    assertThat(serializer.serialize("Noted", LONG))
        .isEqualTo(CompressingEventSerializer.of(plain).serialize("Noted", new Noted(LONG.text())));
  }

  @Test
  void takesUpcastersWithin() {
    SerializedPayload old =
        CompressingEventSerializer.of(JsonEventSerializer.create()).serialize("Noted", LONG);
    assertThat(old.contentType())
        .isEqualTo("application/vnd.holdfast.gzip; content=\"application/json\"");
    assertThat(serializer.deserialize("Noted", old)).isEmpty();
  }

  @Test
  void stopsBombs() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[10_000_000]);
    }
    SerializedPayload payload =
        new SerializedPayload(
            "application/vnd.holdfast.gzip; content=\"application/json\"",
            ByteString.fromArray(bomb.toByteArray()));
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.maxBytes(1_000_000).deserialize("Noted", payload))
        .withMessageContaining("'Noted'")
        .withMessageContaining("more than 1,000,000 bytes");
  }

  @Test
  void readsUpToItsLimitAndWritesNothingAbove() {
    int size = plain.serialize("Noted", LONG).bytes().size();
    CompressingEventSerializer atLimit = serializer.maxBytes(size);
    assertThat(atLimit.deserialize("Noted", atLimit.serialize("Noted", LONG)))
        .containsExactly(new TypedPayload("Noted", LONG));
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.maxBytes(size - 1).serialize("Noted", LONG))
        .withMessageContaining("'Noted'")
        .withMessageContaining("raise maxBytes");
  }

  @Test
  void saysWhatIsDamaged() {
    SerializedPayload payload = serializer.serialize("Noted", LONG);
    SerializedPayload cut =
        new SerializedPayload(payload.contentType(), payload.bytes().dropRight(1));
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Noted", cut))
        .withMessageContaining("'Noted' cannot be decompressed");
    SerializedPayload unnamed =
        new SerializedPayload(CompressingEventSerializer.MEDIA_TYPE, payload.bytes());
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Noted", unnamed))
        .withMessageContaining("does not say what is compressed");
  }

  @Test
  void refusesLimitsOutOfRange() {
    assertThatIllegalArgumentException().isThrownBy(() -> serializer.thresholdBytes(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> serializer.maxBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> serializer.maxBytes(Integer.MAX_VALUE));
  }
}
