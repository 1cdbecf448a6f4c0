// SPDX-License-Identifier: Apache-2.0
package io.holdfast.serialization;

/** A payload could not be turned into bytes, or bytes not into a payload. */
public final class SerializationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SerializationException(String message, Throwable cause) {
    super(message, cause);
  }

  public SerializationException(String message) {
    super(message);
  }
}
