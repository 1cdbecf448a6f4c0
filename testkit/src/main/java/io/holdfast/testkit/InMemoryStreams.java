// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.eventstore.entity.Duplicates;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamState;
import io.holdfast.eventstore.entity.Streams;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.query.StreamReader;
import io.holdfast.query.StreamReader.FeedItem;
import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/** Streams in this process's memory. Thread-safe. */
final class InMemoryStreams implements Streams {
  private final StreamEntitySettings settings;
  private final InstantSource clock;
  private final Map<String, Stream> streams = new ConcurrentHashMap<>();
  private final InMemoryFeed feed = new InMemoryFeed();

  InMemoryStreams(StreamEntitySettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  private Stream stream(String streamId) {
    return streams.computeIfAbsent(streamId, id -> new Stream(id, StreamState.empty(settings)));
  }

  @Override
  public CompletionStage<StreamReply.ToAppend> append(
      String streamId, List<EventData> events, ExpectedVersion expectedVersion, boolean freshIds) {
    return completedFuture(
        stream(streamId).append(events, expectedVersion, freshIds, clock.millis()));
  }

  @Override
  public CompletionStage<StreamReply.ToChange> change(
      String streamId, StreamChange change, ExpectedVersion expectedVersion) {
    return completedFuture(stream(streamId).change(change, expectedVersion));
  }

  @Override
  public CompletionStage<StreamReply.ToGetInfo> info(String streamId, ReadConsistency consistency) {
    return completedFuture(stream(streamId).info());
  }

  @Override
  public CompletionStage<StreamReader.Page> readPage(
      String streamId, StreamReader.Range range, int limit) {
    return completedFuture(stream(streamId).page(range, limit));
  }

  @Override
  public Source<VersionedEvent, NotUsed> read(
      String streamId, Supplier<CompletionStage<StreamReader.Range>> range) {
    return Source.lazyCompletionStage(range::get)
        .mapConcat(known -> stream(streamId).page(known, Integer.MAX_VALUE).events())
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  @Override
  public Source<VersionedEvent, NotUsed> live(
      String streamId, Supplier<CompletionStage<Long>> fromVersion) {
    Stream stream = stream(streamId);
    return Source.lazyCompletionStage(fromVersion::get)
        .flatMapConcat(
            from ->
                Source.unfoldAsync(
                    from,
                    next ->
                        stream
                            .from(next)
                            .thenApply(
                                event -> Optional.of(Pair.create(event.version() + 1, event)))))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  @Override
  public CompletionStage<FeedOffset> find(FeedOffset from) {
    return completedFuture(feed.find(from));
  }

  @Override
  public Source<FeedItem, NotUsed> subscribeAll(FeedFilter filter, FeedOffset from) {
    return Source.lazySource(
            () ->
                Source.unfoldAsync(
                    feed.position(from),
                    next ->
                        feed.from(next)
                            .thenApply(item -> Optional.of(Pair.create(next + 1, item)))))
        .filter(item -> isWanted(item, filter))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  @Override
  public Source<FeedItem, NotUsed> readAll(FeedFilter filter, FeedOffset from) {
    return Source.lazySource(() -> Source.from(feed.all(feed.position(from))))
        .filter(item -> isWanted(item, filter))
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  @Override
  public CompletionStage<Void> ready() {
    return completedFuture(null);
  }

  @Override
  public boolean hasEnded() {
    return false;
  }

  private boolean isWanted(FeedItem item, FeedFilter filter) {
    return filter.includes(item.streamId(), item.event().event().data().type(), Set.of())
        && item.event().version() > stream(item.streamId()).info().deletedTo();
  }

  /** One stream; everything under its monitor. */
  private final class Stream {
    private final String id;
    private final StreamState state;

    /** All events, the deleted ones included, by version less one. */
    private final List<VersionedEvent> events = new ArrayList<>();

    /** Complete with the next append. */
    private CompletableFuture<Void> appended = new CompletableFuture<>();

    Stream(String id, StreamState state) {
      this.id = id;
      this.state = state;
    }

    StreamReply.ToAppend append(
        List<EventData> added, ExpectedVersion expected, boolean freshIds, long nowMillis) {
      CompletableFuture<Void> waiting;
      StreamReply.ToAppend reply;
      synchronized (this) {
        StreamState.Decision decision = state.decide(added, expected, freshIds);
        if (decision instanceof StreamState.Refuse refuse) {
          return refuse.reply();
        } else if (decision instanceof StreamState.Compare compare) {
          return compare(added, expected, compare);
        }
        for (EventData event : added) {
          VersionedEvent stored =
              new VersionedEvent(events.size() + 1L, new RecordedEvent(event, nowMillis));
          events.add(stored);
          feed.add(id, stored);
        }
        state.append(added, freshIds, nowMillis);
        reply = new StreamReply.Appended(state.version(), nowMillis);
        waiting = appended;
        appended = new CompletableFuture<>();
      }
      waiting.complete(null);
      return reply;
    }

    private StreamReply.ToAppend compare(
        List<EventData> added, ExpectedVersion expected, StreamState.Compare compare) {
      List<StreamReply.EventAt> stored =
          events.stream()
              .skip(compare.fromVersion() - 1)
              .limit(added.size())
              .map(event -> new StreamReply.EventAt(event.version(), event.event()))
              .toList();
      return Duplicates.answer(added, stored, expected, state.version(), compare.otherwise());
    }

    synchronized StreamReply.ToChange change(StreamChange change, ExpectedVersion expected) {
      Optional<StreamReply.ToChange> refusal = state.refuseChange(change, expected);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      state.change(state.effectOf(change));
      return state.info();
    }

    synchronized StreamReply.Info info() {
      return state.info();
    }

    synchronized StreamReader.Page page(StreamReader.Range range, int limit) {
      List<VersionedEvent> found = new ArrayList<>();
      long step = range.reverse() ? -1 : 1;
      long version = range.reverse() ? range.toVersion() : range.fromVersion();
      for (; version >= range.fromVersion() && version <= range.toVersion(); version += step) {
        VersionedEvent event = events.get((int) version - 1);
        if (event.event().timestampMillis() < range.oldestMillis()) {
          continue;
        }
        if (found.size() == limit) {
          return new StreamReader.Page(found, OptionalLong.of(version));
        }
        found.add(event);
      }
      return new StreamReader.Page(found, OptionalLong.empty());
    }

    /** The first event from a version on that is not deleted, now or later. */
    synchronized CompletionStage<VersionedEvent> from(long version) {
      long first = Math.max(version, state.deletedTo() + 1);
      return first <= events.size()
          ? completedFuture(events.get((int) first - 1))
          : appended.thenCompose(done -> from(version));
    }
  }
}
