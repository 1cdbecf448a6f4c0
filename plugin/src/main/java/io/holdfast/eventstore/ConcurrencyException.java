// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

/**
 * The stream is not at the expected version: someone else has appended meanwhile. Nothing was
 * written.
 */
public final class ConcurrencyException extends EventStoreException {
  private static final long serialVersionUID = 1L;

  private final long expectedVersion;
  private final long actualVersion;

  public ConcurrencyException(String streamId, long expectedVersion, long actualVersion) {
    super(
        streamId,
        "stream '%s' was expected at version %d, but is at version %d"
            .formatted(streamId, expectedVersion, actualVersion),
        null);
    this.expectedVersion = expectedVersion;
    this.actualVersion = actualVersion;
  }

  public long expectedVersion() {
    return expectedVersion;
  }

  /** The stream's version when the append was refused; it may have grown since. */
  public long actualVersion() {
    return actualVersion;
  }
}
