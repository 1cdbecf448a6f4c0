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

  private static int utf8Length(@Nullable String text) {
    return text == null ? 0 : Utf8.length(text);
  }
}
