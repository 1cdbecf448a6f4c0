// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.eventstore.entity.Streams;
import io.holdfast.eventstore.protocol.ExpectedVersion;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamChange;
import io.holdfast.eventstore.protocol.StreamMetadata;
import io.holdfast.eventstore.protocol.StreamReply;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Changes streams as a whole, and repeats a request until its outcome is known. The first request
 * may still arrive after a repetition was answered: from a frozen node, or on a slow way. So each
 * request that deletes says up to which version, and a late one finds nothing left to delete; each
 * that sets metadata says which revision it replaces, and a late one is refused.
 */
final class StreamChanges {
  private static final String NOT_ASKED =
      "an answer is missing, others have changed the stream, and it could not be found out whether this change was made";

  private final Streams streams;
  private final Duration timeout;

  StreamChanges(Streams streams, Duration timeout) {
    this.streams = streams;
    this.timeout = timeout;
  }

  CompletionStage<StreamReply.ToChange> change(
      String streamId, StreamChange change, ExpectedVersion expected) {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (change instanceof StreamChange.SetMetadata set) {
      return setMetadata(streamId, set.metadata(), deadline);
    }
    boolean deletes =
        change instanceof StreamChange.Delete || change instanceof StreamChange.Truncate;
    if (!deletes || expected instanceof ExpectedVersion.NoStream) {
      return ask(streamId, change, expected, deadline).thenApply(UntilKnown.Answer::reply);
    }
    return expected instanceof ExpectedVersion.Exactly exactly
        ? deleteAt(streamId, change, exactly, deadline)
        : deleteWhatIsThere(streamId, change, expected, deadline);
  }

  /** Deletes at most what is there now. */
  private CompletionStage<StreamReply.ToChange> deleteWhatIsThere(
      String streamId, StreamChange change, ExpectedVersion expected, long deadline) {
    return info(streamId, deadline)
        .thenCompose(
            reply -> {
              if (!(reply instanceof StreamReply.Info found)) {
                return completedFuture(refused(reply));
              }
              if (expected instanceof ExpectedVersion.StreamExists && !found.exists()) {
                return completedFuture(new StreamReply.Conflict(expected, found.version(), null));
              }
              StreamChange bounded =
                  new StreamChange.Truncate(lastDeleted(change, found.version()) + 1);
              return ask(streamId, bounded, ExpectedVersion.any(), deadline)
                  .thenApply(UntilKnown.Answer::reply);
            });
  }

  /**
   * If others append between two requests, the first one may have deleted, and a conflict follows.
   */
  private CompletionStage<StreamReply.ToChange> deleteAt(
      String streamId, StreamChange change, ExpectedVersion.Exactly expected, long deadline) {
    return ask(streamId, change, expected, deadline)
        .thenCompose(
            answer ->
                answer.repeated() && answer.reply() instanceof StreamReply.Conflict conflict
                    ? info(streamId, deadline)
                        .thenApply(now -> outcome(change, expected, conflict, now))
                    : completedFuture(answer.reply()));
  }

  private CompletionStage<StreamReply.ToChange> setMetadata(
      String streamId, StreamMetadata metadata, long deadline) {
    return info(streamId, deadline)
        .thenCompose(
            reply ->
                reply instanceof StreamReply.Info found
                    ? setMetadata(streamId, metadata, found.metadataRevision(), deadline)
                    : completedFuture(refused(reply)));
  }

  private CompletionStage<StreamReply.ToChange> setMetadata(
      String streamId, StreamMetadata metadata, long revision, long deadline) {
    StreamChange change = new StreamChange.SetMetadata(metadata, OptionalLong.of(revision));
    return ask(streamId, change, ExpectedVersion.any(), deadline)
        .thenCompose(
            answer -> {
              if (!(answer.reply() instanceof StreamReply.Conflict)) {
                return completedFuture(answer.reply());
              }
              // Others have set it. A request that was sent once has changed nothing.
              return answer.repeated()
                  ? info(streamId, deadline)
                      .thenCompose(
                          now -> afterConflict(streamId, metadata, revision, now, deadline))
                  : setMetadataAgain(streamId, metadata, deadline);
            });
  }

  /** Of several requests, an earlier one may have been the change that followed the revision. */
  private CompletionStage<StreamReply.ToChange> afterConflict(
      String streamId,
      StreamMetadata metadata,
      long revision,
      StreamReply.ToGetInfo now,
      long deadline) {
    if (!(now instanceof StreamReply.Info found)) {
      return completedFuture(new StreamReply.Unknown(NOT_ASKED));
    } else if (found.metadataRevision() > revision + 1) {
      return completedFuture(
          new StreamReply.Unknown(
              "an answer is missing, and others have set the stream's metadata since"));
    }
    return found.metadata().equals(metadata)
        ? completedFuture(found)
        : setMetadataAgain(streamId, metadata, deadline);
  }

  private CompletionStage<StreamReply.ToChange> setMetadataAgain(
      String streamId, StreamMetadata metadata, long deadline) {
    return deadline - System.nanoTime() > 0
        ? setMetadata(streamId, metadata, deadline)
        : completedFuture(
            new StreamReply.Unavailable("others set the stream's metadata all the time"));
  }

  private static StreamReply.ToChange outcome(
      StreamChange change,
      ExpectedVersion.Exactly expected,
      StreamReply.Conflict conflict,
      StreamReply.ToGetInfo now) {
    if (now instanceof StreamReply.Info found) {
      return found.deletedTo() >= lastDeleted(change, expected.version()) ? found : conflict;
    }
    return new StreamReply.Unknown(NOT_ASKED);
  }

  /** The last version that a change deletes of a stream that is at a version. */
  private static long lastDeleted(StreamChange change, long version) {
    return change instanceof StreamChange.Truncate truncate
        ? Math.min(truncate.beforeVersion() - 1, version)
        : version;
  }

  private static StreamReply.ToChange refused(StreamReply.ToGetInfo reply) {
    if (reply instanceof StreamReply.ToChange refused) {
      return refused;
    }
    throw new IllegalStateException("no answer to a change: " + reply);
  }

  private CompletionStage<StreamReply.ToGetInfo> info(String streamId, long deadline) {
    return untilKnown(
            streamId,
            repeated -> streams.info(streamId, ReadConsistency.LINEARIZABLE),
            unknown -> (StreamReply.ToGetInfo) new StreamReply.Unavailable(unknown.reason()),
            deadline)
        .thenApply(UntilKnown.Answer::reply);
  }

  private CompletionStage<UntilKnown.Answer<StreamReply.ToChange>> ask(
      String streamId, StreamChange change, ExpectedVersion expected, long deadline) {
    return untilKnown(
        streamId,
        repeated -> streams.change(streamId, change, expected),
        unknown -> (StreamReply.ToChange) unknown,
        deadline);
  }

  private <R extends StreamReply> CompletionStage<UntilKnown.Answer<R>> untilKnown(
      String streamId,
      Function<Boolean, CompletionStage<R>> request,
      Function<StreamReply.Unknown, R> unknown,
      long deadline) {
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    return UntilKnown.ask(streamId, request, unknown, streams::hasEnded, left);
  }
}
