// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.protocol.ReadConsistency;
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
 * Stages complete on threads of the actor system: do not block there.
 *
 * <pre>{@code
 * EventStore store = EventStore.start(system);
 * store.append(AppendEventInput.of("order-17", "OrderPlaced", new OrderPlaced("book", 2)).withExpectedVersion(0))
 *     .thenAccept(result -> log.info("order-17 is at version {}", result.currentVersion()));
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

  /** An event store with a serializer, id generator or clock of your own. */
  static EventStoreBuilder builder(ActorSystem<?> system) {
    return new EventStoreBuilder(system);
  }

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
   * Reads events in version order, or backwards. A stream that does not exist reads as empty.
   * Returns at most {@code holdfast.event-store.max-read-events} events; {@link
   * ReadStreamResult#continueFrom} says where to go on. Both count stored events, of which the
   * serializer may make several or none (see {@link io.holdfast.serialization.Upcaster}). The read
   * sees every append that was acknowledged before it began, by whatever node, unless the options
   * ask for less; see {@link ReadConsistency}.
   */
  CompletionStage<ReadStreamResult> readStream(String streamId, ReadStreamOptions options);

  /**
   * Reads a whole stream, forwards; see {@link #readStream(String, ReadStreamOptions)} for the
   * bound.
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

  /** The stream's current version; 0 if it does not exist. */
  CompletionStage<Long> getStreamVersion(String streamId, ReadConsistency consistency);

  /**
   * The stream's current version, every append included that was acknowledged before; 0 if it does
   * not exist.
   */
  default CompletionStage<Long> getStreamVersion(String streamId) {
    return getStreamVersion(streamId, ReadConsistency.LINEARIZABLE);
  }

  /** Whether the stream has an event. */
  CompletionStage<Boolean> streamExists(String streamId, ReadConsistency consistency);

  /** Whether the stream has an event, every append included that was acknowledged before. */
  default CompletionStage<Boolean> streamExists(String streamId) {
    return streamExists(streamId, ReadConsistency.LINEARIZABLE);
  }
}
