// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import org.jspecify.annotations.Nullable;

/**
 * An operation of the event store failed. There are four outcomes, and the class says which: {@link
 * RejectedException} (never try this again as it is), {@link ConcurrencyException} (read, decide
 * anew), {@link UnavailableException} (nothing stored; try again later) and {@link
 * UnknownOutcomeException} (it may be stored; look).
 *
 * <p>Futures of {@link EventStore} complete with one of these, unwrapped; {@link
 * java.util.concurrent.CompletableFuture#get} and {@code join} wrap it in the exceptions of their
 * own.
 */
public abstract sealed class EventStoreException extends RuntimeException
    permits ConcurrencyException, RejectedException, UnavailableException, UnknownOutcomeException {
  private static final long serialVersionUID = 1L;

  private final String streamId;

  EventStoreException(String streamId, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.streamId = streamId;
  }

  /** The stream that the operation was for; {@code *} if it was for all of them. */
  public String streamId() {
    return streamId;
  }
}
