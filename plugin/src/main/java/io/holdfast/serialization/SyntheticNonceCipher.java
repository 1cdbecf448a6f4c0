// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Deterministic authenticated encryption: AES-256-GCM (NIST SP 800-38D) whose nonce is not random,
 * but a keyed hash of what is encrypted, so that equal input gives equal output.
 *
 * <p>This is the synthetic IV of Rogaway and Shrimpton, "A Provable-Security Treatment of the
 * Key-Wrap Problem" (2006), with HMAC-SHA-256, cut to 96 bits, as the pseudorandom function, and
 * GCM in place of a plain cipher. GCM's own tag authenticates, so the nonce need not be verified.
 * What GCM must never see, one nonce for two inputs, takes a collision of the hash: its probability
 * is below 2^-32 for 2^32 inputs under one key, the bound that NIST sets for random nonces. Both
 * keys are derived from the data key by HKDF-Expand (RFC 5869, section 2.3), whose first step may
 * be left out for a key that is random.
 *
 * <p>Output: the nonce, the ciphertext, and the tag of 16 bytes.
 */
final class SyntheticNonceCipher {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String HMAC = "HmacSHA256";

  private SyntheticNonceCipher() {}

  /**
   * @param header what is authenticated and not encrypted; tells itself where it ends
   */
  static byte[] encrypt(SecretKey dataKey, byte[] header, byte[] plaintext)
      throws GeneralSecurityException {
    Mac mac = hmac(derive(dataKey, "holdfast aes-gcm nonce", HMAC));
    mac.update(header);
    byte[] nonce = Arrays.copyOf(mac.doFinal(plaintext), NONCE_BYTES);
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE, dataKey, header, nonce);
    byte[] output = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plaintext.length));
    cipher.doFinal(plaintext, 0, plaintext.length, output, NONCE_BYTES);
    return output;
  }

  /**
   * @throws GeneralSecurityException if key, header or bytes are not those of the encryption
   */
  static byte[] decrypt(SecretKey dataKey, byte[] header, byte[] encrypted)
      throws GeneralSecurityException {
    if (encrypted.length < NONCE_BYTES + TAG_BITS / 8) {
      throw new GeneralSecurityException(
          "%d bytes are too few for a nonce and a tag".formatted(encrypted.length));
    }
    byte[] nonce = Arrays.copyOf(encrypted, NONCE_BYTES);
    return cipher(Cipher.DECRYPT_MODE, dataKey, header, nonce)
        .doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES);
  }

  private static Cipher cipher(int mode, SecretKey dataKey, byte[] header, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        derive(dataKey, "holdfast aes-gcm encryption", "AES"),
        new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    return cipher;
  }

  /** HKDF-Expand to the length of one hash. */
  private static SecretKey derive(SecretKey dataKey, String purpose, String algorithm)
      throws GeneralSecurityException {
    byte[] encoded = dataKey.getEncoded();
    if (encoded == null || encoded.length != KEY_BYTES) {
      throw new GeneralSecurityException(
          "the key has %s bytes; it must have %d"
              .formatted(encoded == null ? "no" : encoded.length, KEY_BYTES));
    }
    Mac mac = hmac(new SecretKeySpec(encoded, HMAC));
    mac.update(purpose.getBytes(US_ASCII));
    mac.update((byte) 1);
    return new SecretKeySpec(mac.doFinal(), algorithm);
  }

  private static Mac hmac(SecretKey key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(key);
    return mac;
  }
}
