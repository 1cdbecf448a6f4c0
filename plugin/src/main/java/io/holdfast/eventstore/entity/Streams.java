// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

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
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Streams in their serialized form: what an {@link io.holdfast.eventstore.EventStore} is built on.
 * A stage that fails means that no answer came, and the outcome is unknown. Thread-safe.
 */
public interface Streams {
  /**
   * See {@link io.holdfast.eventstore.protocol.StreamCommand.AppendBatch}.
   *
   * @param freshIds whether the ids were just drawn, for this call and no other
   */
  CompletionStage<StreamReply.ToAppend> append(
      String streamId, List<EventData> events, ExpectedVersion expectedVersion, boolean freshIds);

  /** See {@link io.holdfast.eventstore.protocol.StreamCommand.Change}. */
  CompletionStage<StreamReply.ToChange> change(
      String streamId, StreamChange change, ExpectedVersion expectedVersion);

  /** See {@link io.holdfast.eventstore.protocol.StreamCommand.GetInfo}. */
  CompletionStage<StreamReply.ToGetInfo> info(String streamId, ReadConsistency consistency);

  /**
   * The first events of a range that ends at or below a version that {@link #info} has given; at
   * least one if it holds any.
   */
  CompletionStage<StreamReader.Page> readPage(String streamId, StreamReader.Range range, int limit);

  /** The events of such a range, which each run of the source asks for. */
  Source<VersionedEvent, NotUsed> read(
      String streamId, Supplier<CompletionStage<StreamReader.Range>> range);

  /**
   * All events from a version on, those to come included; does not end. Each run of the source asks
   * for the version.
   */
  Source<VersionedEvent, NotUsed> live(
      String streamId, Supplier<CompletionStage<Long>> fromVersion);

  /** The same place in the feed, found out if that is still to be done. */
  CompletionStage<FeedOffset> find(FeedOffset from);

  /** The events of all streams from a place on, those to come included; does not end. */
  Source<FeedItem, NotUsed> subscribeAll(FeedFilter filter, FeedOffset from);

  /** The events of all streams from a place on. */
  Source<FeedItem, NotUsed> readAll(FeedFilter filter, FeedOffset from);

  /**
   * Completes when an append could succeed from here.
   *
   * @return fails if it could not now; with {@link IllegalStateException} if time alone will not
   *     change that
   */
  CompletionStage<Void> ready();

  /** Whether no request will ever be answered any more. */
  boolean hasEnded();
}
