// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventPages;
import io.holdfast.cassandra.EventPages.Use;
import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.cassandra.ReadsOverloadedException;
import io.holdfast.feed.Feed;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.FeedRow;
import io.holdfast.fence.FenceException;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.settings.Section;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Reads the events of event store streams page by page, from any node, without loading the stream's
 * actor with them. Thread-safe.
 *
 * <p>The caller bounds a read by a version that the stream's owner has acknowledged: everything up
 * to there is settled, so that no event it reads can vanish. Nothing above is ever read here.
 */
public final class StreamReader {
  /**
   * A version range of a stream.
   *
   * @param fromVersion the lowest version, inclusive, from 1
   * @param toVersion the highest version, inclusive; at most what the stream's owner acknowledged
   * @param reverse whether the highest comes first
   * @param oldestMillis events that were recorded before are left out, in milliseconds since 1970
   */
  public record Range(long fromVersion, long toVersion, boolean reverse, long oldestMillis) {
    /** Events of any age. */
    public static Range of(long fromVersion, long toVersion, boolean reverse) {
      return new Range(fromVersion, toVersion, reverse, Long.MIN_VALUE);
    }

    /** No more of it than its first events need, where every version has one. */
    public Range first(long events) {
      if (oldestMillis != Long.MIN_VALUE || toVersion - fromVersion < events) {
        return this;
      }
      return reverse
          ? of(toVersion - events + 1, toVersion, true)
          : of(fromVersion, fromVersion + events - 1, false);
    }

    boolean includes(VersionedEvent event) {
      return event.event().timestampMillis() >= oldestMillis;
    }
  }

  /**
   * An event at its place.
   *
   * @param version the event's version in its stream, from 1
   */
  public record VersionedEvent(long version, RecordedEvent event) {}

  /**
   * Some events of a range.
   *
   * @param continueFrom the next {@code fromVersion} (backwards: {@code toVersion}) if the range
   *     holds more; empty if not
   */
  public record Page(List<VersionedEvent> events, OptionalLong continueFrom) {}

  /**
   * An event at its place in the feed.
   *
   * @param offset the place after it
   */
  public record FeedItem(String streamId, VersionedEvent event, FeedOffset offset) {}

  private final ClassicActorSystemProvider system;
  private final String store;
  private final CassandraStorage storage;
  private final SettledEvents settled;
  private final int pageSize;
  private final Executor executor;

  /**
   * @param store the path of the store's sections in the system's configuration
   * @param pageSize the most rows to a page
   */
  public StreamReader(ClassicActorSystemProvider system, String store, int pageSize) {
    this.system = system;
    this.store = store;
    this.storage = new CassandraStorage(system, store);
    this.settled =
        new SettledEvents(
            system.classicSystem(),
            storage,
            QuerySettings.of(
                Section.ofStore(system.classicSystem().settings().config(), store)
                    .section("query")));
    this.pageSize = pageSize;
    this.executor = system.classicSystem().dispatcher();
  }

  /**
   * The first events of the range, at least one if it holds any.
   *
   * @param limit the most events, from 1
   * @param maxBytes the most bytes of events, as {@link
   *     io.holdfast.serialization.EventData#sizeInBytes} counts
   * @return completes on the actor system's dispatcher
   */
  public CompletionStage<Page> readPage(String streamId, Range range, int limit, long maxBytes) {
    PageBuilder page = new PageBuilder(range, limit, maxBytes);
    return open(streamId, range, limit, Use.collected(maxBytes))
        .thenCompose(
            pages -> fill(page, streamId, pages).whenComplete((filled, failure) -> pages.close()));
  }

  private CompletionStage<Page> fill(PageBuilder page, String streamId, EventPages pages) {
    return pages
        .next()
        .thenComposeAsync(
            rows -> {
              boolean more =
                  rows.isPresent()
                      && rows.get().stream().allMatch(row -> page.add(toEvent(streamId, row)));
              return more
                  ? fill(page, streamId, pages)
                  : CompletableFuture.completedFuture(page.build());
            },
            executor);
  }

  /**
   * The events of the range in order. The source may be run any number of times; each run asks for
   * the range and reads anew.
   */
  public Source<VersionedEvent, NotUsed> read(
      String streamId, Supplier<CompletionStage<Range>> range) {
    return PageSource.of(
        () ->
            range
                .get()
                .thenCompose(
                    known ->
                        open(streamId, known, Long.MAX_VALUE, Use.byConsumer())
                            .thenApply(pages -> new Reading(streamId, known, pages))),
        Reading::next,
        reading -> reading.pages().close());
  }

  /** One run of a source. */
  private record Reading(String streamId, Range range, EventPages pages) {
    CompletionStage<Optional<List<VersionedEvent>>> next() {
      return pages
          .next()
          .thenApply(
              page ->
                  page.map(
                      rows ->
                          rows.stream()
                              .map(row -> toEvent(streamId, row))
                              .filter(range::includes)
                              .toList()));
    }
  }

  /**
   * All events from a version on, those to come included; does not end. Asks nobody: what is not
   * settled is held back.
   *
   * @param fromVersion asked for the first one at each run
   */
  public Source<VersionedEvent, NotUsed> live(
      String streamId, Supplier<CompletionStage<Long>> fromVersion) {
    return settled.live(streamId, fromVersion, Long.MAX_VALUE).map(row -> toEvent(streamId, row));
  }

  /**
   * Connects, if nobody has yet, and reads something small.
   *
   * @return fails with {@link IllegalStateException} if Cassandra cannot be used as it is set up
   */
  public CompletionStage<Void> probe(Duration timeout) {
    return storage
        .probe(timeout)
        .exceptionally(
            failure -> {
              Throwable cause = FenceException.causeOf(failure);
              boolean isWrong =
                  cause.getCause() instanceof IllegalStateException
                      || cause.getCause() instanceof IllegalArgumentException;
              throw isWrong
                  ? new IllegalStateException(cause.getMessage(), cause)
                  : new QueryUnavailableException(String.valueOf(cause.getMessage()), cause);
            });
  }

  /** The same place in the feed, found out if that is still to be done. */
  public CompletionStage<FeedOffset> find(FeedOffset from) {
    return Feed.get(system, store).find(from);
  }

  /** The events of all streams from a place on, those to come included; does not end. */
  public Source<FeedItem, NotUsed> subscribeAll(FeedFilter filter, FeedOffset from) {
    return Feed.get(system, store).live(filter, from).mapConcat(StreamReader::items);
  }

  /** The events of all streams from a place on. */
  public Source<FeedItem, NotUsed> readAll(FeedFilter filter, FeedOffset from) {
    return Feed.get(system, store).current(filter, from).mapConcat(StreamReader::items);
  }

  /** Other persistent actors may use the same tables; their events are none of ours. */
  private static List<FeedItem> items(FeedRow item) {
    EventRow row = item.row();
    return row.content() instanceof StreamEvent
        ? List.of(
            new FeedItem(row.persistenceId(), toEvent(row.persistenceId(), row), item.offset()))
        : List.of();
  }

  /** Whether a read failed because this node reads too much at a time. */
  public static boolean isOverload(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ReadsOverloadedException) {
        return true;
      }
    }
    return false;
  }

  private CompletionStage<EventPages> open(String streamId, Range range, long limit, Use use) {
    return storage.readEvents(
        streamId,
        new EventPages.Range(
            range.fromVersion(),
            range.toVersion(),
            range.oldestMillis() == Long.MIN_VALUE ? limit : Long.MAX_VALUE,
            pageSize,
            range.reverse()),
        use);
  }

  private static VersionedEvent toEvent(String streamId, EventRow row) {
    if (row.content() instanceof StreamEvent stream) {
      return new VersionedEvent(
          row.sequenceNr(), new RecordedEvent(stream.data(), row.timestampMillis()));
    }
    throw new IllegalStateException(
        "event %d of '%s' was written by a persistent actor of its own, not by an event store; give streams other ids than persistent actors"
            .formatted(row.sequenceNr(), streamId));
  }
}
