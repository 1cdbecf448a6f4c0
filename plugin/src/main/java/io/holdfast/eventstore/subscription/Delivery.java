// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.UnreadableEventException;
import io.holdfast.feed.FeedOffset;

/** What the feed gives to a subscription. */
sealed interface Delivery {
  String streamId();

  long version();

  /** The place after it. */
  FeedOffset offset();

  /** Whether the place may be kept once this is handled. */
  boolean last();

  /** An event to hand to the handler. */
  record Given(FeedEvent event) implements Delivery {
    @Override
    public String streamId() {
      return event.event().streamId();
    }

    @Override
    public long version() {
      return event.event().version();
    }

    @Override
    public FeedOffset offset() {
      return event.offset();
    }

    @Override
    public boolean last() {
      return event.last();
    }
  }

  /** An event that could not be deserialized; the feed ends there. */
  record Unreadable(UnreadableEventException failure, FeedOffset offset) implements Delivery {
    @Override
    public String streamId() {
      return failure.streamId();
    }

    @Override
    public long version() {
      return failure.version();
    }

    @Override
    public boolean last() {
      return true;
    }
  }
}
