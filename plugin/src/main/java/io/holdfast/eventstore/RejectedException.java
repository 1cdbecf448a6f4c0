// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import org.jspecify.annotations.Nullable;

/**
 * The input breaks a rule: an id that is empty or too long, an event that is too large or that the
 * serializer does not take, a version below its range. Nothing was written, and the same input will
 * be rejected again. The message names the value, the limit and the remedy.
 */
public sealed class RejectedException extends EventStoreException
    permits StreamClosedException, UnreadableEventException {
  private static final long serialVersionUID = 1L;

  public RejectedException(String streamId, String message) {
    this(streamId, message, null);
  }

  public RejectedException(String streamId, String message, @Nullable Throwable cause) {
    super(streamId, message, cause);
  }
}
