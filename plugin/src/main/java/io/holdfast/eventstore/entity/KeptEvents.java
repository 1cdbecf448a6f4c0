// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.query.StreamReader;
import java.time.Instant;

/** Which events of a stream its lifecycle leaves to read. */
public final class KeptEvents {
  private KeptEvents() {}

  /**
   * The events of a range that are kept.
   *
   * @param toVersion {@link Long#MAX_VALUE} for the stream's end
   */
  public static StreamReader.Range range(
      StreamReply.Info info, long fromVersion, long toVersion, boolean reverse, Instant now) {
    return new StreamReader.Range(
        Math.max(fromVersion, firstVersion(info)),
        Math.min(toVersion, info.version()),
        reverse,
        oldestMillis(info.metadata(), now));
  }

  /** The lowest version that is not deleted nor above {@code maxCount}. */
  public static long firstVersion(StreamReply.Info info) {
    long first = info.deletedTo() + 1;
    return info.metadata().maxCount().isPresent()
        ? Math.max(first, info.version() - info.metadata().maxCount().getAsLong() + 1)
        : first;
  }

  /** When the oldest event that {@code maxAge} leaves may have been recorded. */
  public static long oldestMillis(StreamMetadata metadata, Instant now) {
    return metadata.maxAge().map(age -> now.minus(age).toEpochMilli()).orElse(Long.MIN_VALUE);
  }
}
