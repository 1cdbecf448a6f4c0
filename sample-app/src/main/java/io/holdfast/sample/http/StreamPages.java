// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.OverloadedException;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.StreamInfo;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * One answer with events of a stream: as many as were asked for, but not many more bytes than one
 * batch may have. It is written while it is read, as fast as the client takes it: a slow client
 * holds a page of events, not the whole answer. If the node reads too much in the middle of it, the
 * answer ends there, and says where to go on.
 */
final class StreamPages {
  private static final long MAX_BYTES = 8 << 20;

  private final StreamInfo stream;
  private final ReadStreamOptions range;
  private final int limit;
  private int events;
  private long bytes;
  private long next;

  /** Whether the answer ends before its events do. */
  private boolean isCut;

  private StreamPages(StreamInfo stream, ReadStreamOptions range, int limit) {
    this.stream = stream;
    this.range = range;
    this.limit = limit;
    this.next = range.reverse() ? range.toVersion() : range.fromVersion();
  }

  static CompletionStage<HttpResponse> read(
      ActorSystem<?> system, EventStore store, String streamId, ReadStreamOptions all, int limit) {
    return store
        .getStreamInfo(streamId)
        .thenCompose(
            stream -> {
              ReadStreamOptions range =
                  all.fromVersion(Math.max(all.fromVersion(), stream.firstVersion()))
                      .toVersion(Math.min(all.toVersion(), stream.version()));
              return begun(system, store.streamEvents(streamId, range.limit(limit)))
                  .thenApply(events -> new StreamPages(stream, range, limit).answer(events));
            });
  }

  /**
   * The same events, of which the first is awaited, so that what is wrong is a problem and no
   * broken answer.
   */
  static CompletionStage<Source<StreamDomainEvent<?>, NotUsed>> begun(
      ActorSystem<?> system, Source<StreamDomainEvent<?>, NotUsed> events) {
    return events
        .prefixAndTail(1)
        .runWith(Sink.head(), system)
        .thenApply(begun -> first(begun.first()).concatLazy(begun.second()));
  }

  private HttpResponse answer(Source<StreamDomainEvent<?>, NotUsed> read) {
    Source<ByteString, NotUsed> written =
        read.recoverWithRetries(
                1,
                OverloadedException.class,
                () -> {
                  isCut = true;
                  return Source.empty();
                })
            .takeWhile(this::takes)
            .map(this::write);
    return Answers.at(
        stream.version(),
        HttpResponse.create()
            .withEntity(
                HttpEntities.create(
                    ContentTypes.APPLICATION_JSON,
                    Source.single(begin())
                        .concatLazy(written)
                        .concatLazy(Source.lazySingle(this::end))
                        .via(new Pieces()))));
  }

  /** Without keeping them, as long as the answer may take. */
  private static Source<StreamDomainEvent<?>, NotUsed> first(List<StreamDomainEvent<?>> events) {
    Queue<StreamDomainEvent<?>> left = new ArrayDeque<>(events);
    return Source.unfold(
        left, queue -> Optional.ofNullable(queue.poll()).map(event -> Pair.create(queue, event)));
  }

  private ByteString begin() {
    return ByteString.fromString(
        "{\"streamId\":%s,\"currentVersion\":%d,\"events\":["
            .formatted(
                JsonNodeFactory.instance.textNode(stream.streamId()).toString(), stream.version()));
  }

  private boolean takes(StreamDomainEvent<?> event) {
    isCut = bytes > MAX_BYTES;
    return !isCut;
  }

  private ByteString write(StreamDomainEvent<?> event) {
    byte[] json = ApiJson.write(EventJson.write(event));
    bytes += json.length;
    next = range.reverse() ? event.version() - 1 : event.version() + 1;
    ByteString separator = ByteString.fromString(events == 0 ? "" : ",");
    events++;
    return separator.concat(ByteString.fromArrayUnsafe(json));
  }

  private ByteString end() {
    // Of what is read, upcasters may make less or more; and not every version is kept where events
    // are for a time only.
    boolean isRead = !isCut && stream.metadata().maxAge().isEmpty();
    if (isRead) {
      next =
          range.reverse()
              ? Math.min(next, range.toVersion() - limit)
              : Math.max(next, range.fromVersion() + limit);
    }
    boolean hasMore = next >= range.fromVersion() && next <= range.toVersion();
    OptionalLong continueFrom =
        hasMore && (isCut || isRead || events >= limit)
            ? OptionalLong.of(next)
            : OptionalLong.empty();
    return ByteString.fromString(
        "],\"continueFrom\":%s}"
            .formatted(
                continueFrom.isPresent() ? Long.toString(continueFrom.getAsLong()) : "null"));
  }
}
