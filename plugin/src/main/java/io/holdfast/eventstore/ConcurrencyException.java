// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import org.jspecify.annotations.Nullable;

/**
 * The stream is not as expected: someone else has appended meanwhile. Or it has events with ids of
 * the append already, but not the same events in the same place; the message says which. Nothing
 * was written.
 */
public final class ConcurrencyException extends EventStoreException {
  private static final long serialVersionUID = 1L;

  private final transient ExpectedVersion expected;
  private final long actualVersion;

  /**
   * @param reason which ids stand where; {@code null} if the version alone is the reason
   */
  public ConcurrencyException(
      String streamId, ExpectedVersion expected, long actualVersion, @Nullable String reason) {
    super(streamId, message(streamId, expected, actualVersion, reason), null);
    this.expected = requireNonNull(expected, "expected");
    this.actualVersion = actualVersion;
  }

  private static String message(
      String streamId, ExpectedVersion expected, long actualVersion, @Nullable String reason) {
    String message =
        reason == null
            ? "stream '%s' was expected %s, but is at version %d"
            : "stream '%s' was expected %s, and is at version %d: %s";
    return message.formatted(streamId, expected, actualVersion, reason);
  }

  /** What the stream was expected to be like. */
  public ExpectedVersion expected() {
    return expected;
  }

  /**
   * The version that was expected; 0 if the stream was expected not to exist, and -1 if another
   * expectation than a version was given.
   */
  public long expectedVersion() {
    if (expected instanceof ExpectedVersion.Exactly exactly) {
      return exactly.version();
    }
    return expected instanceof ExpectedVersion.NoStream ? 0 : -1;
  }

  /** The stream's version when the append was refused; it may have grown since. */
  public long actualVersion() {
    return actualVersion;
  }
}
