// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.query.StreamReader;
import io.holdfast.query.StreamReader.FeedItem;
import io.holdfast.query.StreamReader.VersionedEvent;
import io.holdfast.serialization.EventData;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.Timeout;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.util.Try;

/** The streams of a cluster: asks their entities, and reads their events from storage. */
public final class ShardedStreams implements Streams {
  private final StreamSharding streams;
  private final StreamAccess access;
  private final Duration appendTimeout;
  private final Duration readTimeout;
  private final int maxReadBytes;

  /** Over streams that are hosted already. */
  public ShardedStreams(StreamSharding streams, StreamEntitySettings settings) {
    this.streams = streams;
    this.access = streams.access();
    this.appendTimeout = settings.appendTryTimeout();
    this.readTimeout = settings.readTimeout();
    this.maxReadBytes = settings.maxReadBytes();
  }

  @Override
  public CompletionStage<StreamReply.ToAppend> append(
      String streamId, List<EventData> events, ExpectedVersion expectedVersion, boolean freshIds) {
    OptionalLong drawnAt =
        freshIds ? OptionalLong.of(System.currentTimeMillis()) : OptionalLong.empty();
    return ask(
        streamId,
        replyTo ->
            events.size() == 1
                ? new StreamCommand.Append(events.get(0), expectedVersion, drawnAt, replyTo)
                : new StreamCommand.AppendBatch(events, expectedVersion, drawnAt, replyTo),
        refused -> refused,
        appendTimeout);
  }

  @Override
  public CompletionStage<StreamReply.ToChange> change(
      String streamId, StreamChange change, ExpectedVersion expectedVersion) {
    return ask(
        streamId,
        replyTo -> new StreamCommand.Change(change, expectedVersion, replyTo),
        refused -> refused,
        appendTimeout);
  }

  @Override
  public CompletionStage<StreamReply.ToGetInfo> info(String streamId, ReadConsistency consistency) {
    return ask(
        streamId,
        replyTo -> new StreamCommand.GetInfo(consistency, replyTo),
        refused -> refused,
        readTimeout);
  }

  @Override
  public CompletionStage<StreamReader.Page> readPage(
      String streamId, StreamReader.Range range, int limit) {
    return untilEnd(streams.reader().readPage(streamId, range, limit, maxReadBytes));
  }

  @Override
  public Source<VersionedEvent, NotUsed> read(
      String streamId, Supplier<CompletionStage<StreamReader.Range>> range) {
    return streams.reader().read(streamId, range);
  }

  @Override
  public Source<VersionedEvent, NotUsed> live(
      String streamId, Supplier<CompletionStage<Long>> fromVersion) {
    return streams.reader().live(streamId, fromVersion);
  }

  @Override
  public CompletionStage<FeedOffset> find(FeedOffset from) {
    return untilEnd(streams.reader().find(from));
  }

  @Override
  public Source<FeedItem, NotUsed> subscribeAll(FeedFilter filter, FeedOffset from) {
    return streams.reader().subscribeAll(filter, from);
  }

  @Override
  public Source<FeedItem, NotUsed> readAll(FeedFilter filter, FeedOffset from) {
    return streams.reader().readAll(filter, from);
  }

  @Override
  public CompletionStage<Void> ready() {
    return access
        .decided()
        .thenCompose(
            decided ->
                access.isOpen()
                    ? untilEnd(streams.reader().probe(readTimeout))
                    : CompletableFuture.failedFuture(new TimeoutException(access.reason())));
  }

  @Override
  public boolean hasEnded() {
    return access.hasEnded();
  }

  private <T> CompletableFuture<T> untilEnd(CompletionStage<T> stage) {
    return access.untilEnd(stage.toCompletableFuture());
  }

  /**
   * Asks a stream, if it can be reached.
   *
   * @param refused the answer if it cannot, and nothing was sent
   */
  private <R extends StreamReply> CompletableFuture<R> ask(
      String streamId,
      Function<ActorRef<R>, StreamCommand> command,
      Function<StreamReply.Unavailable, R> refused,
      Duration timeout) {
    if (access.isOpen()) {
      return send(streamId, command, refused, timeout);
    }
    return access
        .decided()
        .thenCompose(
            decided ->
                access.isOpen()
                    ? send(streamId, command, refused, timeout)
                    : CompletableFuture.completedFuture(refused.apply(unavailable())));
  }

  private StreamReply.Unavailable unavailable() {
    return new StreamReply.Unavailable(access.reason());
  }

  /**
   * Asks through a Scala future of which no stage is made: those of Scala's converters run each
   * callback on a pool, which is a new thread each time on a small machine.
   */
  private <R extends StreamReply> CompletableFuture<R> send(
      String streamId,
      Function<ActorRef<R>, StreamCommand> command,
      Function<StreamReply.Unavailable, R> refused,
      Duration timeout) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    Future<R> asked;
    try {
      asked = streams.entityRef(streamId).asScala().ask(command::apply, Timeout.create(timeout));
    } catch (RuntimeException ended) {
      // Without its scheduler, an actor system asks nobody.
      return CompletableFuture.completedFuture(
          refused.apply(new StreamReply.Unavailable(String.valueOf(ended.getMessage()))));
    }
    asked.onComplete(
        (Try<R> result) -> {
          if (result.isSuccess()) {
            answer.complete(result.get());
          } else {
            answer.completeExceptionally(result.failed().get());
          }
          return null;
        },
        ExecutionContext.parasitic$.MODULE$);
    return access.untilEnd(answer);
  }
}
