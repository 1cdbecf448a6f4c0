// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;

/**
 * An event store: streams of events, each with versions 1, 2, 3, … without gaps.
 *
 * <p>All operations are asynchronous and never block the caller. Any number of threads and nodes
 * may use a stream at the same time; each of its appends is seen whole and in one order by all. A
 * stage that fails does so with an {@link EventStoreException}: <em>rejected</em> input is found
 * before anything is written, a <em>conflict</em> is a {@link ConcurrencyException}, and {@link
 * UnavailableException} and {@link UnknownOutcomeException} say whether something may be stored.
 * Stages complete on threads of the actor system: do not block there. An argument that is null is
 * no outcome: the call throws {@link NullPointerException} with the argument's name, sources
 * included.
 *
 * <pre>{@code
 * EventStore store = EventStore.start(system);
 * store.append(AppendEventInput.of("Order|17", "OrderPlaced", new OrderPlaced("book", 2)).withExpectedVersion(0))
 *     .thenAccept(result -> log.info("Order|17 is at version {}", result.currentVersion()));
 * }</pre>
 */
public interface EventStore {
  /**
   * The event store of an actor system whose node is (or is about to become) part of a Pekko
   * cluster, with the defaults: JSON payloads, random UUIDs, the system's clock. Every node that
   * hosts streams must start one.
   */
  static EventStore start(ActorSystem<?> system) {
    return builder(system).start();
  }

  /** An event store with a serializer, id generator, clock or keyspace of your own. */
  static EventStoreBuilder builder(ActorSystem<?> system) {
    return EventStoreBuilder.of(system);
  }

  /**
   * The path of the store's sections in the configuration, as {@link EventStoreBuilder#config} was
   * given it; {@code holdfast} by default.
   */
  String config();

  /**
   * Completes when an append could succeed: this node is a member of the cluster, streams can be
   * reached, Cassandra answers and its tables are as they must be. Waits for all that as long as an
   * append is tried ({@code holdfast.event-store.append-timeout}). Says nothing of later.
   *
   * @return fails with {@link UnavailableException} if the time is over, and at once if waiting
   *     would not help: where a setting is wrong, or the actor system ends. The message says why
   */
  CompletionStage<Void> ready();

  /**
   * Appends one event. When the stage completes, the event is stored.
   *
   * @return fails with {@link ConcurrencyException} if the stream is not at the expected version;
   *     nothing is written then
   */
  <T> CompletionStage<AppendResult<T>> append(AppendEventInput<T> input);

  /**
   * Appends all events in order in one atomic write, or none. An empty batch writes nothing and
   * answers the current version, after the check of the expected version.
   *
   * @return fails with {@link ConcurrencyException} if the stream is not at the expected version;
   *     nothing is written then
   */
  CompletionStage<AppendBatchResult> appendBatch(AppendBatchInput input);

  /**
   * Appends one event, and says what became of it. As {@link #append}, but the stage fails only if
   * something is wrong with the store itself.
   */
  CompletionStage<AppendOutcome> tryAppend(AppendEventInput<?> input);

  /**
   * Appends all events in order or none, and says what became of them. As {@link #appendBatch}, but
   * the stage fails only if something is wrong with the store itself.
   */
  CompletionStage<AppendOutcome> tryAppend(AppendBatchInput input);

  /**
   * Reads events in version order, or backwards. A stream that does not exist reads as empty.
   * Returns at most {@code holdfast.event-store.max-read-events} (10,000 by default) events,
   * whatever the options' limit; {@link ReadStreamResult#continueFrom} says where to go on, and
   * {@link #streamEvents} reads a range of any length. Limit and {@code continueFrom} count stored
   * events, of which the serializer may make several or none (see {@link
   * io.holdfast.serialization.Upcaster}). The read sees every append that was acknowledged before
   * it began, by whatever node, unless the options ask for less; see {@link ReadConsistency}.
   */
  CompletionStage<ReadStreamResult> readStream(String streamId, ReadStreamOptions options);

  /**
   * Reads a stream from its first event on, and at most {@code
   * holdfast.event-store.max-read-events} (10,000 by default) of its events: of a longer stream,
   * the first page. {@link ReadStreamResult#continueFrom} says where to go on; {@link
   * #streamEvents} reads a stream of any length.
   */
  default CompletionStage<ReadStreamResult> readStream(String streamId) {
    return readStream(streamId, ReadStreamOptions.all());
  }

  /**
   * Reads events as {@link #readStream} does, but as a source with back-pressure, without a bound:
   * a few pages are in memory at a time. Ends at the version that the stream had when the source
   * was run. May be run any number of times; fails with an {@link EventStoreException}.
   */
  Source<StreamDomainEvent<?>, NotUsed> streamEvents(String streamId, ReadStreamOptions options);

  /**
   * The events of one stream from a version on: those that are there, then those to come, each once
   * and in order, without a gap; events that are deleted or no longer kept are left out. With
   * back-pressure; a few pages are in memory at a time. Reads from storage, so that it matters
   * neither where the stream lives nor whether it moves. Does not end; where storage fails, it goes
   * on by itself once it is back. Fails with an {@link EventStoreException} if the stream cannot be
   * asked at the beginning, or an event not be deserialized; begin again after the last version
   * that was handled.
   *
   * @param fromVersion the first version, from 1; may lie beyond the stream's end
   */
  Source<StreamDomainEvent<?>, NotUsed> subscribeToStream(String streamId, long fromVersion);

  /**
   * The events of all streams that the filter wants, from a place in the feed on: those that are
   * there, then those to come. Every acknowledged event comes, whenever and by whatever node it was
   * written, and none that vanishes afterwards; each stream's events come in the order of their
   * versions. Nothing more is promised of the order of different streams' events. After a stream
   * has moved to another node, an event may come again: handle events so that twice is as good as
   * once, by their ids or by stream and version.
   *
   * <p>With back-pressure, and bounded memory; subscribers of one node share what they read. Events
   * that were deleted are left out; those that a stream's metadata bid to forget may come until
   * they are. Does not end; where storage fails, it goes on by itself once it is back. Fails with
   * an {@link EventStoreException} if it cannot begin; begin again with the offset of the last
   * event that was handled. Fails with an {@link UnreadableEventException} if an event cannot be
   * deserialized; its offset is the place to go on from without it.
   *
   * <p>An offset of another store's feed is refused: the source fails with a {@link
   * RejectedException} whose cause is a {@link io.holdfast.feed.ForeignOffsetException}.
   */
  Source<FeedEvent, NotUsed> subscribeAll(FeedFilter filter, FeedOffset from);

  /**
   * The events of {@link #subscribeAll} that were acknowledged before the source was run, at least;
   * then it ends. Fails with an {@link EventStoreException}.
   */
  Source<FeedEvent, NotUsed> readAll(FeedFilter filter, FeedOffset from);

  /**
   * The place in this store's feed that an offset means. That of an event, and the beginning, are
   * answered as they are; {@link FeedOffset#now} and {@link FeedOffset#since} are found out, so
   * that all who begin at the answer begin at the same place. Says before a subscription begins
   * whether it can.
   *
   * @return fails with {@link RejectedException} if the offset is none of this feed; the cause is a
   *     {@link io.holdfast.feed.ForeignOffsetException}
   */
  CompletionStage<FeedOffset> findOffset(FeedOffset from);

  /**
   * The event of the highest version; empty if the stream does not exist, or the event is not kept
   * any more or dropped by an upcaster.
   */
  CompletionStage<Optional<StreamDomainEvent<?>>> readLastEvent(
      String streamId, ReadConsistency consistency);

  /** The event of the highest version, every append included that was acknowledged before. */
  default CompletionStage<Optional<StreamDomainEvent<?>>> readLastEvent(String streamId) {
    return readLastEvent(streamId, ReadConsistency.LINEARIZABLE);
  }

  /** The version of the stream's last event, deleted or not; 0 if it never had one. */
  CompletionStage<Long> getStreamVersion(String streamId, ReadConsistency consistency);

  /**
   * The version of the stream's last event, deleted or not, every append included that was
   * acknowledged before; 0 if it never had one.
   */
  default CompletionStage<Long> getStreamVersion(String streamId) {
    return getStreamVersion(streamId, ReadConsistency.LINEARIZABLE);
  }

  /**
   * The versions of many streams, by their ids, in the order given. Each is right by itself; they
   * are no snapshot of one moment. Fails if one of them cannot be told.
   */
  CompletionStage<Map<String, Long>> getStreamVersions(
      Collection<String> streamIds, ReadConsistency consistency);

  /** The versions of many streams, each with every append that was acknowledged before. */
  default CompletionStage<Map<String, Long>> getStreamVersions(Collection<String> streamIds) {
    return getStreamVersions(streamIds, ReadConsistency.LINEARIZABLE);
  }

  /** Whether the stream has an event. */
  CompletionStage<Boolean> streamExists(String streamId, ReadConsistency consistency);

  /** Whether the stream has an event, every append included that was acknowledged before. */
  default CompletionStage<Boolean> streamExists(String streamId) {
    return streamExists(streamId, ReadConsistency.LINEARIZABLE);
  }

  /** What is known of the stream but its events. */
  CompletionStage<StreamInfo> getStreamInfo(String streamId, ReadConsistency consistency);

  /** What is known of the stream but its events, after all that was acknowledged before. */
  default CompletionStage<StreamInfo> getStreamInfo(String streamId) {
    return getStreamInfo(streamId, ReadConsistency.LINEARIZABLE);
  }

  /**
   * Deletes all events below a version, for ever. Repeating it changes nothing.
   *
   * @param beforeVersion the lowest version that stays, from 1; above the stream's version, none
   *     stays
   */
  CompletionStage<StreamInfo> truncateStream(String streamId, long beforeVersion);

  /**
   * Deletes all events, for ever. The stream does not exist any more, but its versions go on if it
   * is written again.
   *
   * @return fails with {@link ConcurrencyException} if the stream is not as expected
   */
  CompletionStage<StreamInfo> deleteStream(String streamId, ExpectedVersion expectedVersion);

  /** Deletes all events of a stream at whatever version. */
  default CompletionStage<StreamInfo> deleteStream(String streamId) {
    return deleteStream(streamId, ExpectedVersion.any());
  }

  /**
   * Closes the stream for good: every append from now on fails with {@link StreamClosedException}.
   * Its events stay; delete them before or afterwards if they shall not. There is no way back.
   *
   * @return fails with {@link ConcurrencyException} if the stream is not as expected
   */
  CompletionStage<StreamInfo> closeStream(String streamId, ExpectedVersion expectedVersion);

  /** Closes a stream at whatever version for good. */
  default CompletionStage<StreamInfo> closeStream(String streamId) {
    return closeStream(streamId, ExpectedVersion.any());
  }

  /**
   * Replaces the stream's metadata. The stream need not exist yet. If several calls run at once,
   * the metadata of one of them remains.
   *
   * @return the stream with its new metadata; fails with {@link UnknownOutcomeException} also if an
   *     answer was lost and other calls have set the metadata since
   */
  CompletionStage<StreamInfo> setStreamMetadata(String streamId, StreamMetadata metadata);
}
