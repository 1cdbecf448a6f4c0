// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Keys of an {@link EncryptingEventSerializer}, by ids that are stored in the clear with each
 * event. A key for each person, whose id the payload tells, lets a person's data be forgotten by
 * deleting the key (crypto shredding).
 *
 * <p>Thread-safe. Does not block: keep keys in memory. An exception fails the append or the read,
 * and says that a key cannot be had now.
 */
public interface EncryptionKeys {
  /**
   * The id of the key to encrypt a payload with. It must be the same when an append is tried again;
   * an id that was used once never stands for another key.
   *
   * @param type the event's logical type name
   * @return empty to store this payload in the clear
   */
  Optional<String> keyIdFor(String type, Object payload);

  /**
   * A key: 32 random bytes, which {@link SecretKey#getEncoded()} gives.
   *
   * @return empty if there is none any more: the events that were encrypted with it cannot be read
   *     again
   */
  Optional<SecretKey> key(String keyId);
}
