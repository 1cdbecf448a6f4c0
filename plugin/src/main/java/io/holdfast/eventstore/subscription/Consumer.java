// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.subscription;

import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedFilter.SliceRange;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.SubscriptionStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A subscription as it was started on this node: what all of its instances need. Thread-safe. */
record Consumer(
    String name,
    int instances,
    FeedFilter filter,
    FeedEventHandler handler,
    EventStore store,
    SubscriptionStore subscriptions,
    SubscriptionSettings settings) {
  List<SliceRange> slices() {
    return FeedFilter.sliceRanges(instances);
  }

  /** Which events are an instance's own. */
  FeedFilter filter(int instance) {
    SliceRange slices = slices().get(instance);
    return filter.slices(slices.min(), slices.max());
  }

  /** Hands what the feed gave to the handler; whatever that throws is a failed stage. */
  CompletionStage<?> handle(Delivery delivery) {
    return delivery instanceof Delivery.Given given
        ? handle(given.event())
        : stored(delivery.streamId(), delivery.version(), delivery.offset())
            .thenCompose(this::handleAll);
  }

  /** What a stored event means today, read anew; nothing if it is gone. */
  CompletionStage<List<FeedEvent>> stored(String streamId, long version, FeedOffset offset) {
    ReadStreamOptions itself = ReadStreamOptions.all().fromVersion(version).toVersion(version);
    return store
        .readStream(streamId, itself)
        .thenApply(read -> FeedEvent.sharing(offset, read.events()));
  }

  /** Hands one event after the other to the handler, until it fails. */
  CompletionStage<?> handleAll(List<FeedEvent> events) {
    CompletionStage<?> handled = CompletableFuture.completedFuture(null);
    for (FeedEvent event : events) {
      handled = handled.thenCompose(before -> handle(event));
    }
    return handled;
  }

  private CompletionStage<?> handle(FeedEvent event) {
    try {
      CompletionStage<?> handled = handler.handle(event);
      if (handled != null) {
        return handled;
      }
      throw new IllegalStateException("the handler returned null in place of a stage");
    } catch (Throwable thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  /** What a stage failed with, without the wrapper that dependent stages put around it. */
  static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
