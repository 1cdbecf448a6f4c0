// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class EncryptingEventSerializerTest {
  record Noted(String text) {}

  record Counted(int count) {}

  private static final Noted HELLO = new Noted("hello");

  /** Encrypts notes, with the key of the moment, and nothing else. */
  private static final class Keys implements EncryptionKeys {
    private final Map<String, SecretKey> keys = new HashMap<>();
    private String current = "k1";

    @Override
    public Optional<String> keyIdFor(String type, Object payload) {
      return payload instanceof Noted ? Optional.of(current) : Optional.empty();
    }

    @Override
    public Optional<SecretKey> key(String keyId) {
      return Optional.ofNullable(keys.get(keyId));
    }
  }

  private final Keys keys = new Keys();
  private final EventSerializer plain =
      JsonEventSerializer.builder().register(Noted.class).register(Counted.class).build();
  private final EncryptingEventSerializer serializer = EncryptingEventSerializer.of(plain, keys);

  EncryptingEventSerializerTest() {
    keys.keys.put("k1", key(0));
    keys.keys.put("k2", key(1));
  }

  private static SecretKey key(int first) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return new SecretKeySpec(bytes, "AES");
  }

  /** The bytes were made by another implementation, from the description of the construction. */
  @Test
  void writesTheBytesThatWereFixedOnce() {
    SerializedPayload payload = serializer.serialize("Noted", HELLO);
    assertThat(payload.contentType())
        .isEqualTo("application/vnd.holdfast.aes-gcm; key=k1; content=\"application/json\"");
    assertThat(HexFormat.of().formatHex(payload.bytes().toArray()))
        .isEqualTo(
            "95a8c573bad0c66ccc05e080740e331e51749800693253af2232cbb609ff85d3"
                + "dea1dfc44213735b2faf24d8");
    assertThat(serializer.deserialize("Noted", payload))
        .containsExactly(new TypedPayload("Noted", HELLO));
  }

  @Test
  void givesTheSameBytesEachTimeAndOthersForAnythingElse() {
    SerializedPayload payload = serializer.serialize("Noted", HELLO);
    assertThat(EncryptingEventSerializer.of(plain, keys).serialize("Noted", new Noted("hello")))
        .isEqualTo(payload);
    ByteString nonce = payload.bytes().take(12);
    assertThat(serializer.serialize("Noted", new Noted("hellp")).bytes().take(12))
        .isNotEqualTo(nonce);
    assertThat(serializer.serialize("Written", Map.of("text", "hello")).bytes().take(12))
        .isNotEqualTo(nonce);
    keys.current = "k2";
    assertThat(serializer.serialize("Noted", HELLO).bytes().take(12)).isNotEqualTo(nonce);
  }

  @Test
  void readsUnderOlderKeysOnceAnotherIsUsed() {
    SerializedPayload older = serializer.serialize("Noted", HELLO);
    keys.current = "k2";
    assertThat(serializer.deserialize("Noted", older))
        .containsExactly(new TypedPayload("Noted", HELLO));
  }

  @Test
  void takesAnyTextForAKeyId() {
    keys.current = "person \"7\"; content=\\ü 📚";
    keys.keys.put(keys.current, key(2));
    SerializedPayload payload = serializer.serialize("Noted", HELLO);
    assertThat(serializer.deserialize("Noted", payload))
        .containsExactly(new TypedPayload("Noted", HELLO));
  }

  @Test
  void leavesAndReadsWhatIsInTheClear() {
    assertThat(serializer.serialize("Counted", new Counted(1)))
        .isEqualTo(plain.serialize("Counted", new Counted(1)));
    assertThat(serializer.deserialize("Noted", plain.serialize("Noted", HELLO)))
        .containsExactly(new TypedPayload("Noted", HELLO));
    assertThat(serializer.typeOf(HELLO)).contains("Noted");
  }

  @Test
  void compressesBeforeItEncrypts() {
    EncryptingEventSerializer both =
        EncryptingEventSerializer.of(CompressingEventSerializer.of(plain), keys);
    Noted large = new Noted("x".repeat(10_000));
    SerializedPayload payload = both.serialize("Noted", large);
    assertThat(payload.mediaType()).isEqualTo("application/vnd.holdfast.aes-gcm");
    assertThat(payload.parameter("content"))
        .contains("application/vnd.holdfast.gzip; content=\"application/json\"");
    assertThat(payload.bytes().size()).isLessThan(500);
    assertThat(both.deserialize("Noted", payload))
        .containsExactly(new TypedPayload("Noted", large));
  }

  @Test
  void saysWhichKeyWasDeleted() {
    SerializedPayload payload = serializer.serialize("Noted", HELLO);
    keys.keys.remove("k1");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Noted", payload))
        .withMessageContaining("'Noted'")
        .withMessageContaining("'k1'");
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("Noted", HELLO))
        .withMessageContaining("'k1'");
  }

  @Test
  void skipsEventsOfDeletedKeysIfTold() {
    EncryptingEventSerializer skipping = serializer.skippingDeletedKeys();
    SerializedPayload payload = skipping.serialize("Noted", HELLO);
    assertThat(skipping.deserialize("Noted", payload)).hasSize(1);
    keys.keys.remove("k1");
    assertThat(skipping.deserialize("Noted", payload)).isEmpty();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> skipping.serialize("Noted", HELLO));
  }

  @Test
  void refusesWhatWasChanged() {
    SerializedPayload payload = serializer.serialize("Noted", HELLO);
    byte[] bytes = payload.bytes().toArray();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertRefused(payload.contentType(), changed);
      assertRefused(payload.contentType(), Arrays.copyOf(bytes, i));
    }
    assertRefused(payload.contentType().replace("json", "text"), bytes);
    assertRefused(payload.contentType().replace("k1", "k2"), bytes);
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.deserialize("Written", payload));
  }

  private void assertRefused(String contentType, byte[] bytes) {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(
            () ->
                serializer.deserialize(
                    "Noted", new SerializedPayload(contentType, ByteString.fromArray(bytes))))
        .withMessageContaining("'Noted' cannot be decrypted");
  }

  @Test
  void refusesAnotherKeyUnderTheSameId() {
    SerializedPayload payload = serializer.serialize("Noted", HELLO);
    keys.keys.put("k1", key(9));
    assertRefused(payload.contentType(), payload.bytes().toArray());
  }

  @Test
  void refusesKeysOfOtherLengths() {
    keys.keys.put("k1", new SecretKeySpec(new byte[16], "AES"));
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("Noted", HELLO))
        .withMessageContaining("16 bytes; it must have 32");
  }

  @Test
  void refusesContentTypesThatLackSomething() {
    for (String contentType :
        List.of(
            "application/vnd.holdfast.aes-gcm; content=\"application/json\"",
            "application/vnd.holdfast.aes-gcm; key=k1")) {
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(
              () ->
                  serializer.deserialize(
                      "Noted", new SerializedPayload(contentType, ByteString.fromString("x"))))
          .withMessageContaining("has no parameter");
    }
  }
}
