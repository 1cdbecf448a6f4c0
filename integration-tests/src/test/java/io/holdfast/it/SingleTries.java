// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStoreException;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.eventstore.entity.ShardedStreams;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamSharding;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.SerializedPayload;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.util.ByteString;

/**
 * Appends that ask the stream once, where the Java API would ask again until it knows the outcome:
 * so one hears what the stream itself says.
 */
public final class SingleTries {
  private static final SerializedPayload PAYLOAD =
      new SerializedPayload(
          SerializedPayload.JSON, ByteString.fromString("\"" + "x".repeat(100) + "\""));

  private final ShardedStreams streams;

  private SingleTries(ShardedStreams streams) {
    this.streams = streams;
  }

  /** Appends through a node, which hosts streams already. */
  public static SingleTries of(ActorSystem<?> node) {
    StreamEntitySettings settings = StreamEntitySettings.of(node);
    return new SingleTries(
        new ShardedStreams(StreamSharding.start(node, settings, InstantSource.system()), settings));
  }

  /** Appends events with ids that nobody has used before, wherever the stream stands. */
  public CompletionStage<Long> append(String streamId, List<String> ids) {
    return append(streamId, ids, ExpectedVersion.any(), true);
  }

  /** Appends events whose ids an earlier try may have used, wherever the stream stands. */
  public CompletionStage<Long> appendAgain(String streamId, List<String> ids) {
    return append(streamId, ids, ExpectedVersion.any(), false);
  }

  /** Appends an event whose id an earlier try may have used. */
  public CompletionStage<Long> append(String streamId, String id, long expectedVersion) {
    return append(streamId, List.of(id), ExpectedVersion.exactly(expectedVersion), false);
  }

  /** The version of the last event, be it appended now or before; fails as the Java API would. */
  private CompletionStage<Long> append(
      String streamId, List<String> ids, ExpectedVersion expectedVersion, boolean drawn) {
    List<EventData> events =
        ids.stream().map(id -> new EventData(id, "Tried", PAYLOAD, null)).toList();
    CompletableFuture<Long> version = new CompletableFuture<>();
    streams
        .append(streamId, events, expectedVersion, drawn)
        .whenComplete(
            (reply, failure) -> {
              if (reply instanceof StreamReply.Appended appended) {
                version.complete(appended.currentVersion());
              } else if (reply instanceof StreamReply.AlreadyAppended before) {
                version.complete(before.events().get(before.events().size() - 1).version());
              } else {
                version.completeExceptionally(
                    failure == null
                        ? refusal(streamId, reply)
                        : new UnknownOutcomeException(streamId, failure.toString(), failure));
              }
            });
    return version;
  }

  private static EventStoreException refusal(String streamId, StreamReply.ToAppend reply) {
    if (reply instanceof StreamReply.Conflict conflict) {
      return new ConcurrencyException(
          streamId, conflict.expectedVersion(), conflict.actualVersion(), conflict.reason());
    } else if (reply instanceof StreamReply.Unknown unknown) {
      return new UnknownOutcomeException(streamId, unknown.reason());
    } else if (reply instanceof StreamReply.Unavailable unavailable) {
      return new UnavailableException(streamId, unavailable.reason());
    }
    return new RejectedException(streamId, "unexpected answer " + reply);
  }
}
