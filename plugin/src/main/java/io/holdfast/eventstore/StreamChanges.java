// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import io.holdfast.eventstore.entity.Streams;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.eventstore.protocol.StreamReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Changes streams as a whole, and repeats a request until its outcome is known. The first request
 * may still arrive after a repetition was answered: from a frozen node, or on a slow way. So each
 * request that deletes says up to which version; a late one finds nothing left, or a stream that
 * was appended to since and is not as it expects.
 */
final class StreamChanges {
  private final Streams streams;
  private final Function<String, CompletionStage<StreamReply.Info>> info;
  private final Duration timeout;

  /**
   * Over streams.
   *
   * @param info what a stream is now, linearizable; fails with an {@link EventStoreException}
   */
  StreamChanges(
      Streams streams, Function<String, CompletionStage<StreamReply.Info>> info, Duration timeout) {
    this.streams = streams;
    this.info = info;
    this.timeout = timeout;
  }

  CompletionStage<StreamReply.ToChange> change(
      String streamId, StreamChange change, ExpectedVersion expected) {
    boolean deletes =
        change instanceof StreamChange.Delete || change instanceof StreamChange.Truncate;
    boolean atAnyVersion =
        expected instanceof ExpectedVersion.Any || expected instanceof ExpectedVersion.StreamExists;
    return deletes && atAnyVersion
        ? delete(streamId, change, expected, System.nanoTime() + timeout.toNanos())
        : untilKnown(streamId, change, expected);
  }

  private CompletionStage<StreamReply.ToChange> delete(
      String streamId, StreamChange change, ExpectedVersion expected, long deadline) {
    return info.apply(streamId)
        .thenCompose(
            found -> {
              if (expected instanceof ExpectedVersion.StreamExists && !found.exists()) {
                return CompletableFuture.completedFuture(
                    new StreamReply.Conflict(expected, found.version(), null));
              }
              boolean belowTheEnd =
                  change instanceof StreamChange.Truncate truncate
                      && truncate.beforeVersion() <= found.version() + 1;
              return belowTheEnd
                  ? untilKnown(streamId, change, expected)
                  : deleteAll(streamId, change, expected, found.version(), deadline);
            });
  }

  /** Begins again where others have appended meanwhile. */
  private CompletionStage<StreamReply.ToChange> deleteAll(
      String streamId, StreamChange change, ExpectedVersion expected, long version, long deadline) {
    return untilKnown(streamId, new StreamChange.Delete(), ExpectedVersion.exactly(version))
        .thenCompose(
            reply -> {
              if (!(reply instanceof StreamReply.Conflict)) {
                return CompletableFuture.completedFuture(reply);
              }
              return System.nanoTime() - deadline < 0
                  ? delete(streamId, change, expected, deadline)
                  : CompletableFuture.completedFuture(
                      new StreamReply.Unavailable(
                          "it was appended to between reading its version and deleting, again and again for "
                              + timeout));
            });
  }

  private CompletionStage<StreamReply.ToChange> untilKnown(
      String streamId, StreamChange change, ExpectedVersion expected) {
    return UntilKnown.<StreamReply.ToChange>ask(
            streamId,
            repeated -> streams.change(streamId, change, expected),
            unknown -> unknown,
            streams::hasEnded,
            timeout)
        .thenApply(UntilKnown.Answer::reply);
  }
}
