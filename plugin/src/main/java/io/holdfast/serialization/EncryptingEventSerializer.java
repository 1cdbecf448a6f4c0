// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.apache.pekko.util.ByteString;

/**
 * Encrypts and authenticates what another serializer writes, by AES-256-GCM, with keys of yours.
 * The content type says so, names the key and carries the inner content type: {@code
 * application/vnd.holdfast.aes-gcm; key="person-7"; content="application/json"}. What was stored in
 * the clear is read as before, so that this can be turned on at any time. To compress too, put this
 * around a {@link CompressingEventSerializer}.
 *
 * <p>Encryption is deterministic, so that an append that is tried again has the bytes that it had:
 * two payloads of one type under one key look equal if, and only if, they are. Lengths show as
 * well. Stream, id, type, time, metadata, content type and key id of an event are not encrypted;
 * the type, the content type and the key id are authenticated. A key serves for 2^32 events.
 *
 * <p>An event whose key is deleted fails the read with a {@link SerializationException} that names
 * the key, unless such events are {@linkplain #skippingDeletedKeys() skipped}. Immutable;
 * thread-safe if its parts are.
 */
public final class EncryptingEventSerializer implements EventSerializer {
  static final String MEDIA_TYPE = "application/vnd.holdfast.aes-gcm";

  private static final String KEY = "key";
  private static final String CONTENT = "content";

  private final EventSerializer inner;
  private final EncryptionKeys keys;
  private final boolean skipDeletedKeys;

  private EncryptingEventSerializer(
      EventSerializer inner, EncryptionKeys keys, boolean skipDeletedKeys) {
    this.inner = requireNonNull(inner, "inner");
    this.keys = requireNonNull(keys, "keys");
    this.skipDeletedKeys = skipDeletedKeys;
  }

  public static EncryptingEventSerializer of(EventSerializer inner, EncryptionKeys keys) {
    return new EncryptingEventSerializer(inner, keys, false);
  }

  /** This, but events whose key is deleted are left out of what is read. */
  public EncryptingEventSerializer skippingDeletedKeys() {
    return new EncryptingEventSerializer(inner, keys, true);
  }

  @Override
  public Optional<String> typeOf(Object payload) {
    return inner.typeOf(payload);
  }

  @Override
  public SerializedPayload serialize(String type, Object payload) {
    SerializedPayload plain = inner.serialize(type, payload);
    Optional<String> keyId = keys.keyIdFor(type, payload);
    if (keyId.isEmpty()) {
      return plain;
    }
    SecretKey key = keys.key(keyId.get()).orElseThrow(() -> deleted(type, keyId.get()));
    String contentType =
        MediaType.of(MEDIA_TYPE)
            .with(KEY, keyId.get())
            .with(CONTENT, plain.contentType())
            .toString();
    try {
      byte[] encrypted =
          SyntheticNonceCipher.encrypt(
              key, header(type, contentType), plain.bytes().toArrayUnsafe());
      return new SerializedPayload(contentType, ByteString.fromArrayUnsafe(encrypted));
    } catch (GeneralSecurityException e) {
      throw new SerializationException(
          "event type '%s' cannot be encrypted with key '%s': %s"
              .formatted(type, keyId.get(), e.getMessage()),
          e);
    }
  }

  @Override
  public List<TypedPayload> deserialize(String type, SerializedPayload payload) {
    if (!payload.mediaType().equals(MEDIA_TYPE)) {
      return inner.deserialize(type, payload);
    }
    String keyId = parameter(KEY, type, payload);
    String contentType = parameter(CONTENT, type, payload);
    Optional<SecretKey> key = keys.key(keyId);
    if (key.isEmpty() && skipDeletedKeys) {
      return List.of();
    }
    byte[] plaintext = decrypt(type, payload, keyId, key.orElseThrow(() -> deleted(type, keyId)));
    return inner.deserialize(
        type, new SerializedPayload(contentType, ByteString.fromArrayUnsafe(plaintext)));
  }

  private static byte[] decrypt(
      String type, SerializedPayload payload, String keyId, SecretKey key) {
    try {
      return SyntheticNonceCipher.decrypt(
          key, header(type, payload.contentType()), payload.bytes().toArrayUnsafe());
    } catch (GeneralSecurityException e) {
      throw new SerializationException(
          "event type '%s' cannot be decrypted with key '%s'; it is another key, or what is stored was changed: %s"
              .formatted(type, keyId, e.getMessage()),
          e);
    }
  }

  private static String parameter(String name, String type, SerializedPayload payload) {
    return payload
        .parameter(name)
        .orElseThrow(
            () ->
                new SerializationException(
                    "event type '%s' has content type '%s', which has no parameter '%s'"
                        .formatted(type, payload.contentType(), name)));
  }

  private static SerializationException deleted(String type, String keyId) {
    return new SerializationException(
        "event type '%s' needs key '%s', which is not there (any more)".formatted(type, keyId));
  }

  /** Each text after its length, so that no two pairs have the same header. */
  private static byte[] header(String type, String contentType) {
    byte[] typeBytes = type.getBytes(UTF_8);
    byte[] contentTypeBytes = contentType.getBytes(UTF_8);
    return ByteBuffer.allocate(2 * Integer.BYTES + typeBytes.length + contentTypeBytes.length)
        .putInt(typeBytes.length)
        .put(typeBytes)
        .putInt(contentTypeBytes.length)
        .put(contentTypeBytes)
        .array();
  }
}
