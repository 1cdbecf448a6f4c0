// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import org.jspecify.annotations.Nullable;

/**
 * The append may be stored or may not, or may be yet: no answer came in time, or storage gave none
 * that is certain, however often it was asked again. An append that is repeated with the same exact
 * expected version, or with event ids of the caller's own, cannot be stored twice; to find out
 * otherwise, read the stream.
 */
public final class UnknownOutcomeException extends EventStoreException {
  private static final long serialVersionUID = 1L;

  public UnknownOutcomeException(String streamId, String message) {
    this(streamId, message, null);
  }

  public UnknownOutcomeException(String streamId, String message, @Nullable Throwable cause) {
    super(streamId, message, cause);
  }
}
