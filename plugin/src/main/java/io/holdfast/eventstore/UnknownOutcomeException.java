// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import org.jspecify.annotations.Nullable;

/**
 * The append may be stored or may not, or may be yet: no answer came in time, or storage gave none
 * that is certain. To find out, read the stream and look for the event's id; an append that is
 * repeated with the same expected version cannot be stored twice.
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
