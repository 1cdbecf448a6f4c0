// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.feed.FeedOffset;
import io.holdfast.query.StreamReader.FeedItem;
import io.holdfast.query.StreamReader.VersionedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The events of all streams in the order of their appends: a single log. Thread-safe. */
final class InMemoryFeed {
  private static final long FIRST = 1;

  private final String id = "%016x".formatted(UUID.randomUUID().getMostSignificantBits());

  /** By position, from {@link #FIRST} on. */
  private final List<FeedItem> items = new ArrayList<>();

  /** Complete with the next event. */
  private CompletableFuture<Void> added = new CompletableFuture<>();

  void add(String streamId, VersionedEvent event) {
    CompletableFuture<Void> waiting;
    synchronized (this) {
      long next = FIRST + items.size() + 1;
      items.add(new FeedItem(streamId, event, FeedOffset.inSingleLog(next).in(id)));
      waiting = added;
      added = new CompletableFuture<>();
    }
    // Not by the thread that appends: it holds the stream.
    waiting.completeAsync(() -> null);
  }

  FeedOffset find(FeedOffset from) {
    long position = position(from);
    return from.isKnown() ? from : FeedOffset.inSingleLog(position).in(id);
  }

  synchronized long position(FeedOffset from) {
    long end = FIRST + items.size();
    if (from.positionInSingleLog().isPresent()) {
      return from.checkedFor(id).positionInSingleLog().getAsLong();
    } else if (from.since().isEmpty()) {
      return end;
    }
    Instant since = from.since().get();
    long position = FIRST;
    while (position < end
        && item(position).event().event().timestampMillis() < since.toEpochMilli()) {
      position++;
    }
    return position;
  }

  synchronized CompletionStage<FeedItem> from(long position) {
    return position < FIRST + items.size()
        ? completedFuture(item(position))
        : added.thenCompose(none -> from(position));
  }

  synchronized List<FeedItem> all(long position) {
    int begin = (int) Math.min(items.size(), position - FIRST);
    return List.copyOf(items.subList(begin, items.size()));
  }

  private FeedItem item(long position) {
    return items.get((int) (position - FIRST));
  }
}
