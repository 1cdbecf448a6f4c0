// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.FenceClock.Moment;
import io.holdfast.fence.FenceException.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The fence read: whether this writer still owns what it has just written, or is asked for.
 *
 * <p>It reads the writer's own inbox, once for all who wait, and begins after the last of them
 * came: so a batch whose rows were stored before, and which finds no revocation, stood there before
 * any claimer read the tail, and is in that claimer's history.
 *
 * <p>Revocations are kept for {@link Revocation#RETENTION}. Two rules keep a writer from missing
 * one that has expired: a batch or a question that is older than an hour is not confirmed any more,
 * and a writer that has not read its inbox for a day never confirms anything again. Thread-safe.
 */
final class Fence {
  static final Duration MAX_DELAY = Duration.ofHours(1);
  static final Duration MAX_SILENCE = Duration.ofDays(1);

  /** So often an idle writer reads its inbox all the same. */
  private static final Duration IDLE_INTERVAL = Duration.ofMinutes(1);

  private final boolean enabled;
  private final FenceClock clock;
  private final FenceListener listener;
  private final Inbox inbox;
  private final Rounds<Stream> rounds;

  /** When the latest of the completed reads began. */
  private Moment lastRead;

  private boolean expired;
  private boolean maintaining;

  Fence(
      FenceStorage<?> storage,
      UUID writer,
      StreamMemory memory,
      FenceClock clock,
      WriterSettings settings,
      FenceListener listener) {
    this.enabled = settings.fencing();
    this.clock = clock;
    this.listener = listener;
    this.inbox = new Inbox(storage, writer, memory);
    this.rounds =
        new Rounds<>(
            settings.maxOverlappingFenceReads(),
            Integer.MAX_VALUE,
            waiting -> read(waiting.size()));
    this.lastRead = clock.now();
  }

  Moment now() {
    return clock.now();
  }

  /**
   * Completes if the stream was this writer's in that epoch when the read began that this call
   * started or joined; fails with effect {@code UNKNOWN} if it was not, or if nobody can tell.
   *
   * @param since when the batch was issued or the question asked
   */
  CompletionStage<Void> pass(Stream stream, long epoch, Moment since) {
    if (!enabled) {
      return completedFuture(null);
    }
    return rounds
        .join(stream)
        .exceptionally(
            failure -> {
              throw FenceException.ofUnknownEffect(failure);
            })
        .thenAccept(read -> check(stream, epoch, since));
  }

  /**
   * As {@link #pass}, for whom it is no failure if the stream is another's, or nobody can tell.
   * Without the fence nobody can: no writer is told what it loses.
   */
  CompletionStage<Boolean> isOwned(Stream stream, long epoch, Moment since) {
    return enabled
        ? rounds
            .join(stream)
            .handle((read, failure) -> failure == null && refusal(stream, epoch, since).isEmpty())
        : completedFuture(false);
  }

  private void check(Stream stream, long epoch, Moment since) {
    Optional<String> refusal = refusal(stream, epoch, since);
    if (refusal.isEmpty()) {
      return;
    }
    if (stream.isLost(epoch)) {
      listener.lost(stream.persistenceId);
    }
    throw new FenceException(refusal.get(), Effect.UNKNOWN);
  }

  /** Why nobody can say, after a fence read, that the stream was this writer's. */
  private Optional<String> refusal(Stream stream, long epoch, Moment since) {
    String id = stream.persistenceId;
    if (stream.isLost(epoch)) {
      return Optional.of(
          "stream '%s' was taken by another writer meanwhile; recover it first".formatted(id));
    }
    if (clock.hasPassed(MAX_DELAY, since)) {
      return Optional.of(
          "the request to stream '%s' was under way for more than %d minutes, as when a process was stopped; recover the stream first"
              .formatted(id, MAX_DELAY.toMinutes()));
    }
    if (isExpired()) {
      return Optional.of(
          "this writer did not reach Cassandra for more than %d hours and has lost its streams; recover stream '%s' first"
              .formatted(MAX_SILENCE.toHours(), id));
    }
    return Optional.empty();
  }

  private CompletionStage<Void> read(int requests) {
    Moment began = clock.now();
    return inbox
        .read()
        .thenAccept(received -> completed(began))
        .whenComplete(
            (done, failure) -> listener.fenceRead(requests, clock.nanosSince(began), failure));
  }

  private synchronized void completed(Moment began) {
    if (!isExpired() && began.nanoTime() - lastRead.nanoTime() > 0) {
      lastRead = began;
    }
  }

  /** Whether this writer has been silent for too long ever to confirm anything again. */
  synchronized boolean isExpired() {
    expired = expired || (enabled && clock.hasPassed(MAX_SILENCE, lastRead));
    return expired;
  }

  boolean isWorn() {
    return inbox.isWorn();
  }

  /** Reads the inbox if nobody did for a while, and removes revocations that have served. */
  CompletionStage<Void> maintain() {
    boolean silent;
    synchronized (this) {
      if (!enabled || maintaining || isExpired()) {
        return completedFuture(null);
      }
      maintaining = true;
      silent = clock.hasPassed(IDLE_INTERVAL, lastRead);
    }
    CompletionStage<Void> read = silent ? read(0) : completedFuture(null);
    return read.thenCompose(done -> inbox.cleanUp()).whenComplete((done, failure) -> maintained());
  }

  private synchronized void maintained() {
    maintaining = false;
  }

  List<UUID> unsettled() {
    return inbox.unsettled();
  }
}
