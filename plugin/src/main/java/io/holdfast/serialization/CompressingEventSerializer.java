// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.util.ByteString;

/**
 * Compresses with gzip what another serializer writes, if it is large and gets smaller. The content
 * type says so and carries the inner one: {@code application/vnd.holdfast.gzip;
 * content="application/json; schema=2"}. What was stored uncompressed is read as before, so that
 * this can be turned on at any time.
 *
 * <p>The same payload gives the same bytes on all nodes that run the same Java: the header holds no
 * time, but another release of Java may compress differently. Compressed JSON does not stand in the
 * text column any more. Immutable; thread-safe if the inner serializer is.
 */
public final class CompressingEventSerializer implements EventSerializer {
  static final String MEDIA_TYPE = "application/vnd.holdfast.gzip";

  private static final String CONTENT = "content";
  private static final int DEFAULT_THRESHOLD_BYTES = 1024;
  private static final int DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

  private final EventSerializer inner;
  private final int thresholdBytes;
  private final int maxBytes;

  private CompressingEventSerializer(EventSerializer inner, int thresholdBytes, int maxBytes) {
    this.inner = requireNonNull(inner, "inner");
    this.thresholdBytes = thresholdBytes;
    this.maxBytes = maxBytes;
  }

  /** Compresses payloads from 1 KiB to 64 MiB. */
  public static CompressingEventSerializer of(EventSerializer inner) {
    return new CompressingEventSerializer(inner, DEFAULT_THRESHOLD_BYTES, DEFAULT_MAX_BYTES);
  }

  /** The smallest payload to compress, in bytes; at least 0. */
  public CompressingEventSerializer thresholdBytes(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("threshold %d is below 0".formatted(bytes));
    }
    return new CompressingEventSerializer(inner, bytes, maxBytes);
  }

  /**
   * The largest payload, before compression. It bounds the memory that a stored event can ask for
   * when it is read. A larger payload that compresses is refused when it is written, since it could
   * not be read again: lower this only where nothing larger is stored.
   *
   * @param bytes from 1 to 1 GiB
   */
  public CompressingEventSerializer maxBytes(int bytes) {
    if (bytes < 1 || bytes > 1 << 30) {
      throw new IllegalArgumentException(
          "maxBytes %d is not between 1 and %d".formatted(bytes, 1 << 30));
    }
    return new CompressingEventSerializer(inner, thresholdBytes, bytes);
  }

  @Override
  public Optional<String> typeOf(Object payload) {
    return inner.typeOf(payload);
  }

  @Override
  public SerializedPayload serialize(String type, Object payload) {
    SerializedPayload plain = inner.serialize(type, payload);
    if (plain.bytes().size() < thresholdBytes) {
      return plain;
    }
    SerializedPayload compressed =
        new SerializedPayload(
            MediaType.of(MEDIA_TYPE).with(CONTENT, plain.contentType()).toString(),
            compress(plain.bytes()));
    if (size(compressed) >= size(plain)) {
      return plain;
    }
    if (plain.bytes().size() > maxBytes) {
      throw new SerializationException(
          "payload of event type '%s' has %,d bytes before compression, above the limit of %,d; make it smaller, or raise maxBytes"
              .formatted(type, plain.bytes().size(), maxBytes));
    }
    return compressed;
  }

  private static int size(SerializedPayload payload) {
    return payload.bytes().size() + payload.contentType().length();
  }

  @Override
  public List<TypedPayload> deserialize(String type, SerializedPayload payload) {
    if (!payload.mediaType().equals(MEDIA_TYPE)) {
      return inner.deserialize(type, payload);
    }
    String contentType =
        payload
            .parameter(CONTENT)
            .orElseThrow(
                () ->
                    new SerializationException(
                        "event type '%s' has content type '%s', which does not say what is compressed"
                            .formatted(type, payload.contentType())));
    return inner.deserialize(
        type, new SerializedPayload(contentType, decompress(type, payload.bytes())));
  }

  private static ByteString compress(ByteString bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.size() / 2 + 32);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes.toArrayUnsafe());
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return ByteString.fromArrayUnsafe(compressed.toByteArray());
  }

  private ByteString decompress(String type, ByteString compressed) {
    byte[] bytes;
    try (InputStream gzip =
        new GZIPInputStream(new ByteArrayInputStream(compressed.toArrayUnsafe()))) {
      bytes = gzip.readNBytes(maxBytes + 1);
    } catch (IOException e) {
      throw new SerializationException(
          "event type '%s' cannot be decompressed: %s".formatted(type, e.getMessage()), e);
    }
    if (bytes.length > maxBytes) {
      throw new SerializationException(
          "event type '%s' has more than %,d bytes when it is decompressed, which is the limit; raise maxBytes if it is to be trusted"
              .formatted(type, maxBytes));
    }
    return ByteString.fromArrayUnsafe(bytes);
  }
}
