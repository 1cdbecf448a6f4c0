// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class EventDataTest {
  private static EventData event(String id, String type, String contentType, String metadata) {
    return new EventData(
        id, type, new SerializedPayload(contentType, ByteString.fromString("12345")), metadata);
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  /** Any code points but surrogates, of all four lengths in UTF-8 about equally often. */
  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(20);
    while (text.length() < length) {
      int bound = new int[] {0x80, 0x800, 0x10000, 0x110000}[random.nextInt(4)];
      int codePoint = random.nextInt(bound);
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString();
  }

  @Test
  void countsTextAsUtf8() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      String id = randomText(random);
      String type = randomText(random);
      String contentType = randomText(random);
      String metadata = randomText(random);
      assertThat(event(id, type, contentType, metadata).sizeInBytes())
          .as("seed %d, round %d", seed, round)
          .isEqualTo(128 + 5 + bytes(id) + bytes(type) + bytes(contentType) + bytes(metadata));
    }
  }

  @Test
  void countsTheBordersOfTheFourLengths() {
    for (int codePoint : new int[] {0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF}) {
      String text = Character.toString(codePoint);
      assertThat(event(text, "", "", "").sizeInBytes())
          .as("U+%X", codePoint)
          .isEqualTo(133 + bytes(text));
    }
  }

  @Test
  void neverCountsLoneSurrogatesShort() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 10; i++) {
        text.append((char) (0xD700 + random.nextInt(0xA00)));
      }
      String id = text.toString();
      assertThat(event(id, "", "", "").sizeInBytes() - 133)
          .as("seed %d, round %d", seed, round)
          .isBetween(bytes(id), bytes(id) + id.length());
    }
  }

  @Test
  void countsNothingForMissingMetadata() {
    SerializedPayload payload = new SerializedPayload("", ByteString.emptyByteString());
    assertThat(new EventData("", "", payload, null).sizeInBytes()).isEqualTo(128);
  }
}
