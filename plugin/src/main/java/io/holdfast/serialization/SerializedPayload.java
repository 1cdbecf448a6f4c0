// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * The bytes of a payload and the media type that says how to read them.
 *
 * @param contentType a media type, for example {@code application/json}, or {@code
 *     application/json; schema=2}: the second version of what the event type looks like
 * @param bytes the payload; immutable
 */
public record SerializedPayload(String contentType, ByteString bytes) {
  /** The media type of JSON text in UTF-8. Such payloads stand readable in a text column. */
  public static final String JSON = "application/json";

  private static final String SCHEMA = "schema";

  public SerializedPayload {
    requireNonNull(contentType, "contentType");
    requireNonNull(bytes, "bytes");
  }

  /**
   * A JSON payload.
   *
   * @param schemaVersion the version of what the event type looks like, from 1
   */
  public static SerializedPayload json(int schemaVersion, ByteString text) {
    String contentType =
        schemaVersion == 1
            ? JSON
            : MediaType.of(JSON).with(SCHEMA, Integer.toString(schemaVersion)).toString();
    return new SerializedPayload(contentType, text);
  }

  /** Whether the bytes are JSON text in UTF-8, of whatever schema version. */
  public boolean isJson() {
    return mediaType().equals(JSON);
  }

  /**
   * Whether two payloads say the same: those of JSON, in whatever order the names of their objects
   * stand.
   */
  public boolean means(SerializedPayload other) {
    return equals(other)
        || (isJson()
            && contentType.equals(other.contentType)
            && StoredJson.sameMeaning(bytes, other.bytes));
  }

  /** The content type without its parameters, in lower case. */
  public String mediaType() {
    return contentType.equals(JSON) ? JSON : MediaType.nameOf(contentType);
  }

  /**
   * A parameter of the content type.
   *
   * @param name in lower case
   * @throws SerializationException if the content type is malformed
   */
  public Optional<String> parameter(String name) {
    return contentType.indexOf(';') < 0
        ? Optional.empty()
        : Optional.ofNullable(MediaType.parse(contentType).parameters().get(name));
  }

  /**
   * The version of what the event type looked like when this was written: the parameter {@code
   * schema} of the content type, and 1 if it has none.
   *
   * @throws SerializationException if the parameter is no number from 1
   */
  public int schemaVersion() {
    String version = parameter(SCHEMA).orElse("1");
    try {
      int number = Integer.parseInt(version);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same failure.
    }
    throw new SerializationException(
        "content type '%s' has schema '%s'; a schema version is a number from 1"
            .formatted(contentType, version));
  }
}
