// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import org.apache.pekko.util.ByteString;

/**
 * The bytes of a payload and the media type that says how to read them.
 *
 * @param contentType a media type, for example {@code application/json}
 * @param bytes the payload; immutable
 */
public record SerializedPayload(String contentType, ByteString bytes) {
  /** The content type of JSON text in UTF-8. Such payloads stand readable in a text column. */
  public static final String JSON = "application/json";

  public SerializedPayload {
    requireNonNull(contentType, "contentType");
    requireNonNull(bytes, "bytes");
  }

  /** Whether the bytes are JSON text in UTF-8. */
  public boolean isJson() {
    return contentType.equals(JSON);
  }
}
