// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.feed.FeedOffset;

/**
 * An event of the feed of all streams.
 *
 * @param event the event
 * @param offset the place after it, to go on from. If an {@link io.holdfast.serialization.Upcaster}
 *     makes several events of a stored one, they share it: keep it when the last of them is handled
 */
public record FeedEvent(StreamDomainEvent<?> event, FeedOffset offset) {
  public FeedEvent {
    requireNonNull(event, "event");
    requireNonNull(offset, "offset");
  }
}
