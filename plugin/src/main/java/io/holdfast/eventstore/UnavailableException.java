// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import org.jspecify.annotations.Nullable;

/**
 * The stream or its storage cannot be used right now. Nothing was written; trying again later may
 * succeed.
 */
public non-sealed class UnavailableException extends EventStoreException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String streamId, String message) {
    this(streamId, message, null);
  }

  public UnavailableException(String streamId, String message, @Nullable Throwable cause) {
    super(streamId, message, cause);
  }
}
