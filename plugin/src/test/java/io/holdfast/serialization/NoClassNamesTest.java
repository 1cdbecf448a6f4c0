// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored of a payload has no name of its class, whatever writes it. */
class NoClassNamesTest {
  sealed interface Verbose {}

  record VerboseNote(String text, VerbosePart part) implements Verbose {}

  record VerbosePart(int count) {}

  private static final EventSerializer SERIALIZER =
      CompositeEventSerializer.of(
              JsonEventSerializer.builder()
                  .register("note", VerboseNote.class, 2)
                  .upcaster("note", 1, event -> List.of())
                  .build())
          .with(
              "application/protobuf",
              BinaryEventSerializer.builder("application/protobuf")
                  .register("tick", Timestamp.class, Timestamp::toByteArray, Timestamp::parseFrom)
                  .build());

  private static final EncryptionKeys KEYS =
      new EncryptionKeys() {
        @Override
        public Optional<String> keyIdFor(String type, Object payload) {
          return Optional.of("k");
        }

        @Override
        public Optional<SecretKey> key(String keyId) {
          return Optional.of(new SecretKeySpec(new byte[32], "AES"));
        }
      };

  static Stream<EventSerializer> serializers() {
    return Stream.of(
        SERIALIZER,
        CompressingEventSerializer.of(SERIALIZER).thresholdBytes(0),
        EncryptingEventSerializer.of(SERIALIZER, KEYS));
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void storesNoClassName(EventSerializer serializer) {
    for (Object payload :
        new Object[] {
          new VerboseNote("x".repeat(200), new VerbosePart(1)),
          Timestamp.newBuilder().setSeconds(1).build()
        }) {
      String type = serializer.typeOf(payload).orElseThrow();
      SerializedPayload stored = serializer.serialize(type, payload);
      assertThat(type + stored.contentType() + stored.bytes().decodeString("ISO-8859-1"))
          .doesNotContainIgnoringCase("Verbose")
          .doesNotContainIgnoringCase("Timestamp")
          .doesNotContain("com.google")
          .doesNotContain("io.holdfast");
      assertThat(serializer.deserialize(type, stored))
          .containsExactly(new TypedPayload(type, payload));
    }
  }
}
