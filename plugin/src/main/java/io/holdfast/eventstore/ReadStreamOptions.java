// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.protocol.ReadConsistency;
import java.util.OptionalInt;

/**
 * Which events of a stream to read. A range that is empty ({@code toVersion < fromVersion}) or lies
 * beyond the stream reads as empty.
 *
 * @param fromVersion the lowest version, inclusive; at least 1
 * @param toVersion the highest version, inclusive; {@link Long#MAX_VALUE} for the stream's end
 * @param limit the most stored events to read, at least 1; empty for as many as the range has. What
 *     is returned may be more or fewer where an {@link io.holdfast.serialization.Upcaster} splits
 *     or drops them
 * @param reverse whether the highest version comes first
 * @param consistency whether the read must see every append that was acknowledged before it began
 */
public record ReadStreamOptions(
    long fromVersion,
    long toVersion,
    OptionalInt limit,
    boolean reverse,
    ReadConsistency consistency) {
  private static final ReadStreamOptions ALL =
      new ReadStreamOptions(
          1, Long.MAX_VALUE, OptionalInt.empty(), false, ReadConsistency.LINEARIZABLE);

  public ReadStreamOptions {
    requireNonNull(limit, "limit");
    requireNonNull(consistency, "consistency");
  }

  /**
   * All versions, forwards, linearizable, without a limit of its own. {@link EventStore#readStream}
   * ends a page at {@code holdfast.event-store.max-read-events} (10,000 by default) nevertheless;
   * {@link EventStore#streamEvents} does not.
   */
  public static ReadStreamOptions all() {
    return ALL;
  }

  public ReadStreamOptions fromVersion(long version) {
    return new ReadStreamOptions(version, toVersion, limit, reverse, consistency);
  }

  public ReadStreamOptions toVersion(long version) {
    return new ReadStreamOptions(fromVersion, version, limit, reverse, consistency);
  }

  public ReadStreamOptions limit(int events) {
    return new ReadStreamOptions(
        fromVersion, toVersion, OptionalInt.of(events), reverse, consistency);
  }

  /** Backwards: the highest version first. */
  public ReadStreamOptions reversed() {
    return new ReadStreamOptions(fromVersion, toVersion, limit, true, consistency);
  }

  public ReadStreamOptions consistency(ReadConsistency value) {
    return new ReadStreamOptions(fromVersion, toVersion, limit, reverse, value);
  }
}
