// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An event as a client hands it over: a logical type name, opaque bytes and optional metadata. No
 * node needs the class of the payload.
 *
 * @param id the event's id, unique in its stream
 * @param type the logical type name; never a class name
 * @param payload the payload and its content type
 * @param metadata a JSON object as text, or {@code null} for none
 */
public record EventData(
    String id, String type, SerializedPayload payload, @Nullable String metadata) {
  /** What a row costs beside the texts and bytes that are counted one by one. */
  private static final int ROW_OVERHEAD = 128;

  public EventData {
    requireNonNull(id, "id");
    requireNonNull(type, "type");
    requireNonNull(payload, "payload");
  }

  /**
   * The size of this event in bytes, as limits count it: payload, metadata, names and a fixed
   * overhead.
   */
  public int sizeInBytes() {
    return ROW_OVERHEAD
        + payload.bytes().size()
        + utf8Length(metadata)
        + utf8Length(id)
        + utf8Length(type)
        + utf8Length(payload.contentType());
  }

  /**
   * The length of the text in UTF-8, without encoding it. Of a lone surrogate it is that of a
   * replacement.
   */
  private static int utf8Length(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x800) {
        // Each half of a surrogate pair is two bytes of its four.
        bytes += Character.isSurrogate(unit) ? 1 : 2;
      } else if (unit >= 0x80) {
        bytes += 1;
      }
    }
    return bytes;
  }
}
