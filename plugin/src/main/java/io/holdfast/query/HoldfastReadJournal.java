// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.PersistenceIds;
import io.holdfast.feed.Feed;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.feed.FeedRow;
import io.holdfast.fence.FenceException;
import io.holdfast.settings.Section;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.NoOffset$;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.TimestampOffset;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentLastSequenceNumberByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.PagedPersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.PersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.persistence.query.typed.javadsl.CurrentEventsBySliceQuery;
import org.apache.pekko.persistence.query.typed.javadsl.EventTimestampQuery;
import org.apache.pekko.persistence.query.typed.javadsl.EventsBySliceQuery;
import org.apache.pekko.persistence.query.typed.javadsl.LoadEventQuery;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The read journal {@code holdfast.query}: events and ids of persistent actors, without the actors.
 *
 * <pre>{@code
 * HoldfastReadJournal events =
 *     PersistenceQuery.get(system)
 *         .getReadJournalFor(HoldfastReadJournal.class, HoldfastReadJournal.IDENTIFIER);
 * }</pre>
 *
 * <p><b>What is emitted stays.</b> An event is emitted when it is settled: no failure, and no other
 * writer of the same persistence id, makes it vanish afterwards. Events come in the order of their
 * sequence numbers, from 1, deleted ones left out. A query that ends includes every event that was
 * acknowledged before it was run. One that does not end emits an event that was written in this
 * actor system at once, and others within {@code refresh-interval}; it can be ahead of the
 * acknowledgement that the writer gets.
 *
 * <p>The event adapters of the journal in {@code write-plugin} apply. Events of an event store's
 * streams are {@link io.holdfast.serialization.RecordedEvent}s.
 *
 * <p>Sources can be run any number of times, on any materializer, and read as fast as they are
 * asked, a page at a time. They and the stages fail with a {@link QueryUnavailableException}, or
 * with what the event's serializer or adapter throws. Nothing is retried: put a {@code
 * RestartSource.onFailuresWithBackoff} around a query that shall go on for good, and begin it after
 * the last event seen. Thread-safe.
 *
 * <p>Arguments are checked in the call: it throws {@link NullPointerException} with the argument's
 * name, or {@link IllegalArgumentException} where no event can ever have such an id, or no reader
 * begin at such an offset.
 */
public final class HoldfastReadJournal
    implements ReadJournal,
        CurrentEventsByPersistenceIdQuery,
        EventsByPersistenceIdQuery,
        CurrentPersistenceIdsQuery,
        PersistenceIdsQuery,
        PagedPersistenceIdsQuery,
        CurrentLastSequenceNumberByPersistenceIdQuery,
        EventTimestampQuery,
        LoadEventQuery,
        EventsByTagQuery,
        CurrentEventsByTagQuery,
        EventsBySliceQuery,
        CurrentEventsBySliceQuery {
  /** The configuration path, and the name to look this read journal up by. */
  public static final String IDENTIFIER = "holdfast.query";

  private final ActorSystem system;
  private final String store;
  private final SettledEvents events;
  private final PersistenceIdListings ids;
  private final EventEnvelopes envelopes;

  HoldfastReadJournal(ActorSystem system, String store, QuerySettings settings) {
    CassandraStorage storage = new CassandraStorage(system, store);
    this.system = system;
    this.store = store;
    this.events = new SettledEvents(system, storage, settings);
    this.ids = new PersistenceIdListings(system, storage, settings);
    this.envelopes =
        new EventEnvelopes(
            system, Section.pluginOf(system.settings().config(), store, settings.writePlugin()));
  }

  /**
   * The events that are there.
   *
   * @param fromSequenceNr the first, inclusive; 0 or 1 for the beginning
   * @param toSequenceNr the last, inclusive; {@code Long.MAX_VALUE} for no end
   */
  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return enveloped(
        events.current(checked(persistenceId), fromSequenceNr, toSequenceNr), envelopes::of);
  }

  /**
   * The events that are there, and then those to come. Ends after {@code toSequenceNr} only.
   *
   * @param fromSequenceNr the first, inclusive; 0 or 1 for the beginning
   * @param toSequenceNr the last, inclusive; {@code Long.MAX_VALUE} for no end
   */
  @Override
  public Source<EventEnvelope, NotUsed> eventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return enveloped(live(persistenceId, fromSequenceNr, toSequenceNr), envelopes::of);
  }

  /**
   * As {@link #currentEventsByPersistenceId}, in envelopes that tell entity type and slice as well.
   *
   * @param <E> the type of the events; nobody checks it
   */
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed>
          currentEventsByPersistenceIdTyped(
              String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return enveloped(
        events.current(checked(persistenceId), fromSequenceNr, toSequenceNr), envelopes::<E>typed);
  }

  /**
   * As {@link #eventsByPersistenceId}, in envelopes that tell entity type and slice as well.
   *
   * @param <E> the type of the events; nobody checks it
   */
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed>
          eventsByPersistenceIdTyped(String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return enveloped(live(persistenceId, fromSequenceNr, toSequenceNr), envelopes::<E>typed);
  }

  private Source<EventRow, NotUsed> live(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return events.live(checked(persistenceId), () -> completedFuture(fromSequenceNr), toSequenceNr);
  }

  /**
   * The ids of all persistent actors that ever wrote, in no order that means something, but always
   * the same one. An id stays when all of its events are deleted.
   */
  @Override
  public Source<String, NotUsed> currentPersistenceIds() {
    return translated(ids.current(Optional.empty()));
  }

  /**
   * A page of {@link #currentPersistenceIds()}.
   *
   * @param afterId the last id of the page before; empty for the first page
   * @param limit the most ids, from 0
   */
  @Override
  public Source<String, NotUsed> currentPersistenceIds(Optional<String> afterId, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit = %,d: must be 0 or above".formatted(limit));
    }
    requireNonNull(afterId, "afterId").ifPresent(PersistenceIds::check);
    return translated(ids.current(afterId)).take(limit);
  }

  /**
   * The ids that are there, and then each new one within some {@code refresh-interval}. Never ends.
   * For this all ids are read again after each interval, and eight bytes for each are in memory:
   * meant for thousands of ids, and possible with millions if the interval is long.
   */
  @Override
  public Source<String, NotUsed> persistenceIds() {
    return translated(ids.live());
  }

  /**
   * The highest sequence number of an id, deleted events included; empty if it has never written.
   */
  @Override
  public CompletionStage<Optional<Long>> currentLastSequenceNumberByPersistenceId(
      String persistenceId) {
    return answer(
        events
            .highestSequenceNr(checked(persistenceId))
            .thenApply(highest -> highest == 0 ? Optional.empty() : Optional.of(highest)));
  }

  /** When an event was written; empty if there is none of that number. */
  @Override
  public CompletionStage<Optional<Instant>> timestampOf(String persistenceId, long sequenceNr) {
    return answer(
        events
            .find(checked(persistenceId), sequenceNr)
            .thenApply(row -> row.map(found -> Instant.ofEpochMilli(found.timestampMillis()))));
  }

  /**
   * One event; the first one, if an event adapter makes more of it. Fails with a {@link
   * NoSuchElementException} if there is none of that number.
   *
   * @param <E> the type of the event; nobody checks it
   */
  @Override
  public <E>
      CompletionStage<org.apache.pekko.persistence.query.typed.EventEnvelope<E>> loadEnvelope(
          String persistenceId, long sequenceNr) {
    return answer(
        events
            .find(checked(persistenceId), sequenceNr)
            .thenCompose(
                row ->
                    row.isEmpty()
                        ? completedFuture(
                            List.<org.apache.pekko.persistence.query.typed.EventEnvelope<E>>of())
                        : envelopes.<E>typed(row.get()))
            .thenApply(
                found ->
                    found.stream()
                        .findFirst()
                        .orElseThrow(
                            () ->
                                new NoSuchElementException(
                                    "'%s' has no event %d".formatted(persistenceId, sequenceNr)))));
  }

  /**
   * All events of all persistent actors that the filter wants, from a place in the feed on, those
   * to come included. Never ends.
   *
   * <p>Every acknowledged event is delivered, whenever and by whatever node it was written; nothing
   * is delivered that vanishes afterwards; the first delivery of each actor's events is in the
   * order of their sequence numbers. After an actor has moved to another node, an event may be
   * delivered again. Nothing but that order is promised between events of different actors.
   *
   * @param offset {@link FeedOffset}; {@link Offset#noOffset()} for the beginning; a {@link
   *     TimestampOffset} as {@link FeedOffset#since}
   * @param <E> the type of the events; nobody checks it
   */
  public <E> Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed> allEvents(
      FeedFilter filter, Offset offset) {
    return typed(feed().live(requireNonNull(filter, "filter"), feedOffset(offset)));
  }

  /**
   * The events of {@link #allEvents} that were acknowledged before the source was run, at least;
   * then it ends.
   *
   * @param offset as there
   * @param <E> the type of the events; nobody checks it
   */
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed> currentAllEvents(
          FeedFilter filter, Offset offset) {
    return typed(feed().current(requireNonNull(filter, "filter"), feedOffset(offset)));
  }

  /** The events with a tag, as {@link #allEvents}. */
  @Override
  public Source<EventEnvelope, NotUsed> eventsByTag(String tag, Offset offset) {
    return untyped(feed().live(tagged(tag), feedOffset(offset)));
  }

  /** The events with a tag, as {@link #currentAllEvents}. */
  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByTag(String tag, Offset offset) {
    return untyped(feed().current(tagged(tag), feedOffset(offset)));
  }

  /**
   * The events of entities of one type in a range of slices, as {@link #allEvents}.
   *
   * @param entityType empty for ids without one, as an event store's streams have
   */
  @Override
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed> eventsBySlices(
          String entityType, int minSlice, int maxSlice, Offset offset) {
    return allEvents(
        FeedFilter.all()
            .entityType(requireNonNull(entityType, "entityType"))
            .slices(minSlice, maxSlice),
        offset);
  }

  /**
   * The events of entities of one type in a range of slices, as {@link #currentAllEvents}.
   *
   * @param entityType empty for ids without one, as an event store's streams have
   */
  @Override
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed>
          currentEventsBySlices(String entityType, int minSlice, int maxSlice, Offset offset) {
    return currentAllEvents(
        FeedFilter.all()
            .entityType(requireNonNull(entityType, "entityType"))
            .slices(minSlice, maxSlice),
        offset);
  }

  @Override
  public int sliceForPersistenceId(String persistenceId) {
    return FeedFilter.sliceOf(requireNonNull(persistenceId, "persistenceId"));
  }

  /** The slices in ranges of equal length, both ends inclusive. */
  @Override
  public List<Pair<Integer, Integer>> sliceRanges(int numberOfRanges) {
    return FeedFilter.sliceRanges(numberOfRanges).stream()
        .map(range -> Pair.create(range.min(), range.max()))
        .toList();
  }

  private static String checked(String persistenceId) {
    return PersistenceIds.checked(requireNonNull(persistenceId, "persistenceId"));
  }

  private static FeedFilter tagged(String tag) {
    return FeedFilter.all().tag(requireNonNull(tag, "tag"));
  }

  private Feed feed() {
    return Feed.get(system, store);
  }

  private static FeedOffset feedOffset(Offset offset) {
    requireNonNull(offset, "offset");
    if (offset instanceof FeedOffset known) {
      return known;
    } else if (offset instanceof NoOffset$) {
      return FeedOffset.beginning();
    } else if (offset instanceof TimestampOffset time) {
      return FeedOffset.since(time.timestamp());
    }
    throw new IllegalArgumentException(
        "offset %s (%s): the feed goes by FeedOffset, NoOffset and TimestampOffset"
            .formatted(offset, offset.getClass().getSimpleName()));
  }

  private <E> Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed> typed(
      Source<FeedRow, NotUsed> source) {
    return translated(
        source
            .mapAsync(4, event -> ended(envelopes.<E>typed(event.row(), event.offset())))
            .mapConcat(Supplier::get));
  }

  private Source<EventEnvelope, NotUsed> untyped(Source<FeedRow, NotUsed> source) {
    return translated(
        source
            .mapAsync(4, event -> ended(envelopes.of(event.row(), event.offset())))
            .mapConcat(Supplier::get));
  }

  /** An end that is no failure of the stage, which would overtake the events before. */
  private static <T> CompletableFuture<Supplier<T>> ended(CompletableFuture<T> stage) {
    return stage.handle((result, failure) -> stage::join);
  }

  private static <T> Source<T, NotUsed> enveloped(
      Source<EventRow, NotUsed> rows, Function<EventRow, CompletableFuture<List<T>>> envelopes) {
    return translated(rows.mapAsync(1, envelopes::apply).mapConcat(found -> found));
  }

  private static <T> Source<T, NotUsed> translated(Source<T, NotUsed> source) {
    return source.mapError(Throwable.class, HoldfastReadJournal::translate);
  }

  private static <T> CompletionStage<T> answer(CompletionStage<T> stage) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    stage.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            answer.complete(result);
          } else {
            answer.completeExceptionally(translate(failure));
          }
        });
    return answer;
  }

  private static Throwable translate(Throwable failure) {
    Throwable cause = FenceException.causeOf(failure);
    return cause instanceof FenceException
        ? new QueryUnavailableException(String.valueOf(cause.getMessage()), cause)
        : cause;
  }
}
