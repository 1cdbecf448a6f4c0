// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.feed.FeedOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * An event of the feed of all streams.
 *
 * @param event the event
 * @param offset the place after it, to go on from. If an {@link io.holdfast.serialization.Upcaster}
 *     makes several events of a stored one, they share it: keep it when the last of them is handled
 * @param last whether no further event shares its offset
 */
public record FeedEvent(StreamDomainEvent<?> event, FeedOffset offset, boolean last) {
  public FeedEvent {
    requireNonNull(event, "event");
    requireNonNull(offset, "offset");
  }

  /** What one stored event has become, as events of the feed. */
  public static List<FeedEvent> sharing(FeedOffset offset, List<StreamDomainEvent<?>> events) {
    List<FeedEvent> all = new ArrayList<>(events.size());
    for (StreamDomainEvent<?> event : events) {
      all.add(new FeedEvent(event, offset, all.size() == events.size() - 1));
    }
    return all;
  }
}
