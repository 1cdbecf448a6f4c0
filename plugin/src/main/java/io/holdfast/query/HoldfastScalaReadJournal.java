// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import io.holdfast.feed.FeedFilter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.scaladsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.CurrentEventsByTagQuery;
import org.apache.pekko.persistence.query.scaladsl.CurrentLastSequenceNumberByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.scaladsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.EventsByTagQuery;
import org.apache.pekko.persistence.query.scaladsl.PagedPersistenceIdsQuery;
import org.apache.pekko.persistence.query.scaladsl.PersistenceIdsQuery;
import org.apache.pekko.persistence.query.scaladsl.ReadJournal;
import org.apache.pekko.persistence.query.typed.scaladsl.CurrentEventsBySliceQuery;
import org.apache.pekko.persistence.query.typed.scaladsl.EventTimestampQuery;
import org.apache.pekko.persistence.query.typed.scaladsl.EventsBySliceQuery;
import org.apache.pekko.persistence.query.typed.scaladsl.LoadEventQuery;
import org.apache.pekko.stream.scaladsl.Source;
import scala.Option;
import scala.collection.immutable.Range;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * {@link HoldfastReadJournal} for Scala: the same queries, promises and failures with Scala's
 * types. Look it up as {@code
 * PersistenceQuery(system).readJournalFor[HoldfastScalaReadJournal]("holdfast.query")}.
 * Thread-safe.
 */
public final class HoldfastScalaReadJournal
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
  private final HoldfastReadJournal java;

  HoldfastScalaReadJournal(HoldfastReadJournal java) {
    this.java = java;
  }

  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return java.currentEventsByPersistenceId(persistenceId, fromSequenceNr, toSequenceNr).asScala();
  }

  @Override
  public Source<EventEnvelope, NotUsed> eventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return java.eventsByPersistenceId(persistenceId, fromSequenceNr, toSequenceNr).asScala();
  }

  /** See {@link HoldfastReadJournal#currentEventsByPersistenceIdTyped}. */
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed>
          currentEventsByPersistenceIdTyped(
              String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return java.<E>currentEventsByPersistenceIdTyped(persistenceId, fromSequenceNr, toSequenceNr)
        .asScala();
  }

  /** See {@link HoldfastReadJournal#eventsByPersistenceIdTyped}. */
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed>
          eventsByPersistenceIdTyped(String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return java.<E>eventsByPersistenceIdTyped(persistenceId, fromSequenceNr, toSequenceNr)
        .asScala();
  }

  @Override
  public Source<String, NotUsed> currentPersistenceIds() {
    return java.currentPersistenceIds().asScala();
  }

  @Override
  public Source<String, NotUsed> currentPersistenceIds(Option<String> afterId, long limit) {
    return java.currentPersistenceIds(OptionConverters.toJava(afterId), limit).asScala();
  }

  @Override
  public Source<String, NotUsed> persistenceIds() {
    return java.persistenceIds().asScala();
  }

  @Override
  public Future<Option<Object>> currentLastSequenceNumberByPersistenceId(String persistenceId) {
    return future(
        java.currentLastSequenceNumberByPersistenceId(persistenceId),
        highest -> OptionConverters.toScala(highest.map(Object.class::cast)));
  }

  @Override
  public Future<Option<Instant>> timestampOf(String persistenceId, long sequenceNr) {
    return future(
        java.timestampOf(persistenceId, sequenceNr),
        (Optional<Instant> found) -> OptionConverters.toScala(found));
  }

  @Override
  public <E> Future<org.apache.pekko.persistence.query.typed.EventEnvelope<E>> loadEnvelope(
      String persistenceId, long sequenceNr) {
    return future(java.<E>loadEnvelope(persistenceId, sequenceNr), Function.identity());
  }

  /** See {@link HoldfastReadJournal#allEvents}. */
  public <E> Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed> allEvents(
      FeedFilter filter, Offset offset) {
    return java.<E>allEvents(filter, offset).asScala();
  }

  /** See {@link HoldfastReadJournal#currentAllEvents}. */
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed> currentAllEvents(
          FeedFilter filter, Offset offset) {
    return java.<E>currentAllEvents(filter, offset).asScala();
  }

  @Override
  public Source<EventEnvelope, NotUsed> eventsByTag(String tag, Offset offset) {
    return java.eventsByTag(tag, offset).asScala();
  }

  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByTag(String tag, Offset offset) {
    return java.currentEventsByTag(tag, offset).asScala();
  }

  @Override
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed> eventsBySlices(
          String entityType, int minSlice, int maxSlice, Offset offset) {
    return java.<E>eventsBySlices(entityType, minSlice, maxSlice, offset).asScala();
  }

  @Override
  public <E>
      Source<org.apache.pekko.persistence.query.typed.EventEnvelope<E>, NotUsed>
          currentEventsBySlices(String entityType, int minSlice, int maxSlice, Offset offset) {
    return java.<E>currentEventsBySlices(entityType, minSlice, maxSlice, offset).asScala();
  }

  @Override
  public int sliceForPersistenceId(String persistenceId) {
    return java.sliceForPersistenceId(persistenceId);
  }

  @Override
  public Seq<Range> sliceRanges(int numberOfRanges) {
    return CollectionConverters.asScala(
            FeedFilter.sliceRanges(numberOfRanges).stream()
                .map(range -> (Range) new Range.Inclusive(range.min(), range.max(), 1))
                .toList())
        .toSeq();
  }

  private static <T, S> Future<S> future(CompletionStage<T> stage, Function<T, S> toScala) {
    Promise<S> promise = Futures.promise();
    stage.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            promise.success(toScala.apply(result));
          } else {
            promise.failure(failure);
          }
        });
    return promise.future();
  }
}
