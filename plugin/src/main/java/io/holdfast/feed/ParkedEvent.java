// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import io.holdfast.cassandra.ParkedRow;
import java.time.Instant;
import java.util.UUID;

/**
 * An event that a durable subscription has given up for the time being, after its handler failed
 * too often, or because it could not be read.
 *
 * @param instance the instance that gave it up, from 0
 * @param streamId the event's stream
 * @param version its version
 * @param offset the place after it in the feed
 * @param attempts how often it was handed to the handler, or read
 * @param error what the last of them failed with
 * @param parkedAt when it was given up, by the clock of the instance's node
 * @param generation tells what was parked before and after a reset apart
 */
public record ParkedEvent(
    int instance,
    String streamId,
    long version,
    FeedOffset offset,
    int attempts,
    String error,
    Instant parkedAt,
    UUID generation) {
  static ParkedEvent of(ParkedRow row) {
    return new ParkedEvent(
        row.instance(),
        row.streamId(),
        row.version(),
        FeedOffset.parse(row.offset()),
        row.attempts(),
        row.error(),
        row.parkedAt(),
        row.generation());
  }

  ParkedRow row() {
    return new ParkedRow(
        instance, streamId, version, generation, offset.toString(), attempts, error, parkedAt);
  }
}
