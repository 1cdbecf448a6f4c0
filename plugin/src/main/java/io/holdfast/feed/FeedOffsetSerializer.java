// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes {@link FeedOffset}s as their text. Public because Pekko creates it by name; configured in
 * {@code reference.conf}.
 */
public final class FeedOffsetSerializer extends SerializerWithStringManifest {
  private static final int IDENTIFIER = 774600202;
  private static final String MANIFEST = "o";

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object offset) {
    return MANIFEST;
  }

  @Override
  public byte[] toBinary(Object offset) {
    return offset.toString().getBytes(UTF_8);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    if (!manifest.equals(MANIFEST)) {
      throw new IllegalArgumentException(
          "manifest '%s' is of no feed offset; a later version of Holdfast may have written it"
              .formatted(manifest));
    }
    return FeedOffset.parse(new String(bytes, UTF_8));
  }
}
