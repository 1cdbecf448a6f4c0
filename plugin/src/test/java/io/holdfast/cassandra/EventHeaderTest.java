// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.holdfast.serialization.SerializedObject;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class EventHeaderTest {
  private static final UUID WRITER = UUID.fromString("8f3c0000-e7a1-11f0-8000-0123456789ab");

  private static void assertSurvives(EventHeader header) {
    assertThat(EventHeader.decode(header.encode())).isEqualTo(header);
  }

  @Test
  void readsWhatItWrote() {
    assertSurvives(EventHeader.ofFiller(new EventHeader.Place(7, 300, WRITER, 9)));
    assertSurvives(
        new EventHeader(
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            WRITER,
            1,
            -1,
            "f6a7e2de",
            "ü\uD83D\uDE00\u0000",
            Set.of("red", "blue", "größer"),
            new EventHeader.Serializer(-5, "m"),
            new SerializedObject(Integer.MIN_VALUE, "", ByteString.fromArray(new byte[] {1, -128})),
            0x3f));
  }

  @Test
  void readsTextsOfEveryLength() {
    for (int length : new int[] {0, 1, 127, 128, 16_383, 16_384, 70_000}) {
      assertSurvives(
          new EventHeader(
              1,
              1,
              WRITER,
              1,
              1,
              "",
              "é".repeat(length / 2) + "e".repeat(length % 2),
              Set.of(),
              null,
              null,
              1));
    }
  }

  @Test
  void ignoresWhatFollows() {
    EventHeader header = EventHeader.ofFiller(new EventHeader.Place(7, 300, WRITER, 9));
    ByteBuffer encoded = header.encode();
    ByteBuffer longer = ByteBuffer.allocate(encoded.remaining() + 3).put(encoded);
    assertThat(EventHeader.decode(longer.rewind())).isEqualTo(header);
  }

  @Test
  void readsHeadersThatSayNothingOfBatchAndColumns() {
    EventHeader header = EventHeader.ofFiller(new EventHeader.Place(7, 8, WRITER, 9));
    ByteBuffer encoded = header.encode();
    EventHeader former = EventHeader.decode(encoded.limit(encoded.limit() - 2));
    assertThat(former.batchFirstSequenceNr()).isEqualTo(7);
    assertThat(former.batchLastSequenceNr()).isEqualTo(EventHeader.UNKNOWN);
    assertThat(former.columns()).isEqualTo(EventHeader.UNKNOWN);
  }

  @Test
  void refusesAnotherForm() {
    ByteBuffer encoded = EventHeader.ofFiller(new EventHeader.Place(7, 300, WRITER, 9)).encode();
    assertThatIllegalStateException()
        .isThrownBy(() -> EventHeader.decode(encoded.put(0, (byte) 2)))
        .withMessageContaining("form 2")
        .withMessageContaining("form 1");
  }
}
