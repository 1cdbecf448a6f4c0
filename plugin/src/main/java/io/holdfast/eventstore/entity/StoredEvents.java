// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.query.StreamReader;
import io.holdfast.query.StreamReader.VersionedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * What a stream reads of its own events, beside the actor: the actor gives the version, up to which
 * everything is settled, and goes on.
 */
final class StoredEvents {
  private final String streamId;
  private final StreamEntity.Environment environment;

  StoredEvents(String streamId, StreamEntity.Environment environment) {
    this.streamId = streamId;
    this.environment = environment;
  }

  /** Answers a read. */
  void read(StreamReply.Info info, StreamCommand.Read read) {
    StreamEntitySettings settings = environment.settings();
    Optional<String> problem =
        settings.limits().checkRange(read.fromVersion(), OptionalLong.of(read.limit()));
    if (problem.isPresent()) {
      read.replyTo().tell(new StreamReply.Rejected(problem.get()));
      return;
    }
    StreamReader.Range range =
        KeptEvents.range(
            info,
            read.fromVersion(),
            read.toVersion(),
            read.reverse(),
            environment.clock().instant());
    int limit = Math.min(read.limit(), settings.maxReadEvents());
    environment
        .reader()
        .readPage(streamId, range, limit, settings.limits().maxBatchBytes())
        .whenComplete(
            (page, failure) ->
                read.replyTo()
                    .tell(
                        failure == null
                            ? new StreamReply.Page(
                                page.events().stream().map(StoredEvents::at).toList(),
                                page.continueFrom(),
                                info.version())
                            : refusal("the events could not be read", failure)));
  }

  /** Answers an append that may have been made already. */
  void compare(PendingAppend append, StreamState.Compare compare, long version) {
    int count = append.events().size();
    long last = Math.min(compare.fromVersion() + count - 1, version);
    environment
        .reader()
        .readPage(
            streamId,
            StreamReader.Range.of(compare.fromVersion(), last, false),
            count,
            // If they are the same, they were one batch.
            2L * environment.settings().limits().maxBatchBytes())
        .whenComplete(
            (page, failure) ->
                append
                    .replyTo()
                    .tell(
                        failure == null
                            ? Duplicates.answer(
                                append.events(),
                                page.events().stream().map(StoredEvents::at).toList(),
                                append.expectedVersion(),
                                version,
                                compare.otherwise())
                            : refusal(
                                "whether the events are stored already could not be read",
                                failure)));
  }

  /** The answer where a read has failed, and nothing is written. */
  static StreamReply.ToAny refusal(String what, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return refusalFor(what + ": " + cause.getMessage(), cause);
  }

  /** The same for a reason in words of its own. */
  static StreamReply.ToAny refusalFor(String reason, Throwable cause) {
    return StreamReader.isOverload(cause)
        ? new StreamReply.Overloaded(reason)
        : new StreamReply.Unavailable(reason);
  }

  private static StreamReply.EventAt at(VersionedEvent event) {
    return new StreamReply.EventAt(event.version(), event.event());
  }

  /** An id that a stream must know. */
  record KnownId(String id, long version, long timestampMillis) {}

  /** The ids that a stream must know, in order. */
  CompletionStage<List<KnownId>> readRecent(long deletedTo, long version) {
    return readRecent(new ArrayList<>(), deletedTo + 1, version, version);
  }

  private CompletionStage<List<KnownId>> readRecent(
      List<KnownId> youngestFirst, long from, long to, long version) {
    StreamEntitySettings settings = environment.settings();
    long now = environment.clock().millis();
    return environment
        .reader()
        .readPage(
            streamId,
            StreamReader.Range.of(from, to, true),
            settings.recentIds().events(),
            settings.maxReadBytes())
        .thenCompose(
            page -> {
              for (VersionedEvent event : page.events()) {
                if (settings
                    .recentIds()
                    .excludes(version - event.version(), event.event().timestampMillis(), now)) {
                  return done(youngestFirst);
                }
                youngestFirst.add(
                    new KnownId(
                        event.event().data().id(),
                        event.version(),
                        event.event().timestampMillis()));
              }
              return page.continueFrom().isPresent()
                  ? readRecent(youngestFirst, from, page.continueFrom().getAsLong(), version)
                  : done(youngestFirst);
            });
  }

  /**
   * Events that are older than the stream keeps them.
   *
   * @param to the version of the last of them; 0 if there is none
   * @param more whether the next ones may be so, too
   */
  record Expired(long to, boolean more) {
    static final Expired NONE = new Expired(0, false);
  }

  /** What one page shows. Nobody waits for the rest: the next time shows more. */
  CompletionStage<Expired> expired(StreamReply.Info info) {
    long oldest = KeptEvents.oldestMillis(info.metadata(), environment.clock().instant());
    return environment
        .reader()
        .readPage(
            streamId,
            StreamReader.Range.of(info.deletedTo() + 1, info.version(), false),
            environment.settings().readPageSize(),
            environment.settings().maxReadBytes())
        .thenApply(
            page -> {
              long expiredTo = 0;
              for (VersionedEvent event : page.events()) {
                if (event.event().timestampMillis() >= oldest) {
                  return new Expired(expiredTo, false);
                }
                expiredTo = event.version();
              }
              return new Expired(expiredTo, page.continueFrom().isPresent());
            });
  }

  private static CompletionStage<List<KnownId>> done(List<KnownId> youngestFirst) {
    Collections.reverse(youngestFirst);
    return CompletableFuture.completedFuture(youngestFirst);
  }
}
