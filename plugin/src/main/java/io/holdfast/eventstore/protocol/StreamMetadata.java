// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long a stream keeps its events. Reads leave out what is over the limits as soon as they are
 * set; storage lets go of it when the stream is next used. Immutable.
 *
 * @param maxCount the most events that the stream keeps, the youngest, from 1; empty for all
 * @param maxAge how long the stream keeps an event after it was recorded, from 1 ms; empty for ever
 */
public record StreamMetadata(OptionalLong maxCount, Optional<Duration> maxAge) {
  private static final StreamMetadata NONE =
      new StreamMetadata(OptionalLong.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException if a limit is below its range
   */
  public StreamMetadata {
    requireNonNull(maxCount, "maxCount");
    requireNonNull(maxAge, "maxAge");
    if (maxCount.isPresent() && maxCount.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "maxCount %d is below 1; to keep no event, delete the stream"
              .formatted(maxCount.getAsLong()));
    }
    if (maxAge.isPresent() && maxAge.get().toMillis() < 1) {
      throw new IllegalArgumentException(
          "maxAge %s is below 1 ms; to keep no event, delete the stream".formatted(maxAge.get()));
    }
  }

  /** No limits: every event is kept until it is deleted. */
  public static StreamMetadata none() {
    return NONE;
  }

  public StreamMetadata withMaxCount(long events) {
    return new StreamMetadata(OptionalLong.of(events), maxAge);
  }

  public StreamMetadata withMaxAge(Duration age) {
    return new StreamMetadata(maxCount, Optional.of(requireNonNull(age, "age")));
  }
}
