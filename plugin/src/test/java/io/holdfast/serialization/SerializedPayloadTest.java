// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerializedPayloadTest {
  private static SerializedPayload payload(String contentType) {
    return new SerializedPayload(contentType, ByteString.fromString("{}"));
  }

  @Test
  void writesTheFirstSchemaVersionAsItWasAlwaysWritten() {
    assertThat(SerializedPayload.json(1, ByteString.fromString("{}")))
        .isEqualTo(payload("application/json"));
    assertThat(payload("application/json").schemaVersion()).isEqualTo(1);
  }

  @Test
  void writesLaterSchemaVersionsAsAParameter() {
    SerializedPayload second = SerializedPayload.json(2, ByteString.fromString("{}"));
    assertThat(second.contentType()).isEqualTo("application/json; schema=2");
    assertThat(second.schemaVersion()).isEqualTo(2);
    assertThat(second.isJson()).isTrue();
    assertThat(second.mediaType()).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json;schema=12",
        "Application/JSON ; Schema=\"12\" ;",
        "application/json; charset=utf-8;\tschema=12"
      })
  void readsWhatOthersWrite(String contentType) {
    assertThat(payload(contentType).isJson()).isTrue();
    assertThat(payload(contentType).schemaVersion()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "text/plain",
        "application/json5",
        "application/vnd.holdfast.gzip; content=\"application/json\""
      })
  void takesNothingElseForJson(String contentType) {
    assertThat(payload(contentType).isJson()).isFalse();
    assertThat(payload(contentType).schemaVersion()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; schema=0",
        "application/json; schema=-1",
        "application/json; schema=two",
        "application/json; schema=",
        "application/json; schema=4294967296",
        "application/json; schema",
        "application/json; schema=\"2",
        "application/json; schema=\"2\\",
        "application/json; schema=2 3",
        "application/json; schema=2; schema=3",
        "application/json; =2"
      })
  void refusesSchemaVersionsThatAreNone(String contentType) {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> payload(contentType).schemaVersion())
        .withMessageContaining("'" + contentType + "'");
  }

  @Test
  void keepsAnyTextInAParameter() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String alphabet = "ab1 \t;=\",\\/\u0000\u007fäЖ漢";
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      MediaType inner = MediaType.of("a/b").with("x", text.toString()).with("y", "1");
      MediaType outer = MediaType.of("c/d").with("content", inner.toString());
      assertThat(MediaType.parse(outer.toString())).as("seed %d", seed).isEqualTo(outer);
      assertThat(MediaType.parse(inner.toString()).parameters())
          .as("seed %d", seed)
          .isEqualTo(Map.of("x", text.toString(), "y", "1"));
    }
  }

  @Test
  void refusesParametersThatCannotBeStored() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> MediaType.of("a/b").with("key", "\ud800"))
        .withMessageContaining("surrogate");
  }
}
