// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

import static java.util.Objects.requireNonNull;

import org.apache.pekko.util.ByteString;

/**
 * An object as a Pekko serializer wrote it.
 *
 * @param serializerId the serializer's id in the actor system's configuration
 * @param manifest what the serializer needs beside the bytes; may be empty
 * @param bytes the object
 */
public record SerializedObject(int serializerId, String manifest, ByteString bytes) {
  public SerializedObject {
    requireNonNull(manifest, "manifest");
    requireNonNull(bytes, "bytes");
  }
}
