// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.holdfast.fence.FenceClock.Moment;
import io.holdfast.fence.FenceException.Effect;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One journal instance's part in the protocol: it owns streams, each in an epoch, and writes to no
 * other.
 *
 * <p>Operations on one stream run one at a time, in the order of the calls, those of an earlier
 * incarnation of the stream's actor included: a recovery that is asked for while a write is in
 * flight begins when the write has ended. Operations on different streams run side by side, and
 * share fence reads and revocations. Thread-safe; no method blocks; stages that fail do so with a
 * {@link FenceException}.
 *
 * <p>Whatever fails after it was sent leaves its stream in doubt. A stream in doubt accepts no
 * write until a recovery has claimed it with a new epoch, even where this writer owns it still: the
 * lost write may take effect later, and must not meet a row of its own epoch. A stream that another
 * writer is known to have revoked is treated the same.
 *
 * @param <R> an event's row, opaque to the protocol
 */
public final class Writer<R> {
  private final UUID id;
  private final FenceStorage<R> storage;
  private final FenceListener listener;
  private final StreamMemory memory;
  private final CommitLog log;
  private final Claim claim;
  private final Fence fence;
  private final BatchWrite<R> batchWrite;

  /** The writer whose streams are taken over with the next request, without a recovery. */
  private volatile @Nullable Writer<R> predecessor;

  /** Where a stream stands, and in which epoch its owner knows that. */
  private record Standing(long epoch, Recovered state) {}

  /**
   * @param id a fresh time UUID
   */
  public Writer(
      UUID id,
      FenceStorage<R> storage,
      FenceClock clock,
      WriterSettings settings,
      FenceListener listener) {
    this(id, storage, clock, settings, listener, null);
  }

  /**
   * A writer that takes the place of another one of the same actors, which is given nothing more to
   * do.
   *
   * @param id a fresh time UUID
   * @param predecessor what it still has under way goes on
   */
  public Writer(
      UUID id,
      FenceStorage<R> storage,
      FenceClock clock,
      WriterSettings settings,
      FenceListener listener,
      @Nullable Writer<R> predecessor) {
    this.id = id;
    this.predecessor = predecessor;
    if (predecessor != null) {
      predecessor.predecessor = null;
    }
    this.storage = storage;
    this.listener = listener;
    this.memory = new StreamMemory(settings.maxRememberedStreams());
    this.log = new CommitLog(storage, id, clock, settings, listener);
    this.claim = new Claim(storage, id, clock, log, settings, listener);
    this.fence = new Fence(storage, id, memory, clock, settings, listener);
    this.batchWrite = new BatchWrite<>(storage, id, claim, fence, log, settings);
  }

  public UUID id() {
    return id;
  }

  /**
   * Makes this writer the owner of the stream, and answers where it stands. All events up to {@code
   * highestSequenceNr} are settled: no other writer's late write will change or hide them.
   */
  public CompletionStage<Recovered> recover(String persistenceId) {
    Moment asked = fence.now();
    return inOrder(persistenceId, stream -> own(stream, asked).thenApply(Stream::recovered));
  }

  /** What is remembered of a stream is the truth if a fence read finds that it is owned still. */
  private CompletionStage<Stream> own(Stream stream, Moment asked) {
    CompletionStage<Boolean> owned =
        stream.known && stream.epoch > 0 && !mustBeClaimed(stream)
            ? fence.isOwned(stream, stream.epoch, asked)
            : completedFuture(false);
    return owned.thenCompose(mine -> mine ? completedFuture(stream) : load(stream, true));
  }

  /** Where a stream that this writer has recovered stands. */
  public CompletionStage<Recovered> current(String persistenceId) {
    return inOrder(persistenceId, stream -> loaded(stream).thenApply(Stream::recovered));
  }

  /**
   * Completes if the stream was this writer's at some moment after the call: then what its actor
   * knew when it called was the truth. Fails if the stream was lost or must be recovered.
   */
  public CompletionStage<Void> confirm(String persistenceId) {
    Moment asked = fence.now();
    Stream stream = memory.enter(persistenceId);
    return stream
        .enqueue(
            () ->
                (stream.epoch == 0 ? load(stream, false) : loaded(stream)).thenApply(s -> s.epoch))
        .thenCompose(epoch -> epoch == 0 ? completedFuture(null) : fence.pass(stream, epoch, asked))
        .whenComplete((result, failure) -> memory.leave(stream));
  }

  /**
   * Writes batches of one stream, one after the other. When the stage completes, all are stored and
   * this writer owned the stream still; when it fails, the exception's effect counts: of the first
   * batches some may be stored without the others.
   *
   * <p>The batches have their place in the stream's order from this call on, also if they come
   * late: nothing else is done with the stream before the last of them.
   *
   * @param batches the batches, once they are known; the stream waits until then
   */
  public CompletionStage<Void> write(
      String persistenceId, CompletionStage<List<Batch<R>>> batches) {
    return inOrder(persistenceId, stream -> batches.thenCompose(all -> write(stream, all, 0)));
  }

  private CompletionStage<Void> write(Stream stream, List<Batch<R>> batches, int next) {
    if (next == batches.size()) {
      return completedFuture(null);
    }
    CompletionStage<Void> written =
        loaded(stream)
            .exceptionally(
                failure -> {
                  throw FenceException.withoutEffect(failure);
                })
            .thenCompose(known -> batchWrite.run(known, batches.get(next)));
    if (next > 0) {
      // The batches before this one are stored: the request as a whole is not without effect.
      written = ofUnknownEffect(written);
    }
    return written.thenCompose(done -> write(stream, batches, next + 1));
  }

  /**
   * Deletes events up to {@code toSequenceNr}, at most up to the highest sequence number, which
   * survives. Repeating a deletion is harmless, and ends one that failed half-way.
   */
  public CompletionStage<Void> deleteTo(String persistenceId, long toSequenceNr) {
    return change(persistenceId, toSequenceNr, Optional.empty()).thenApply(changed -> null);
  }

  /**
   * Deletes events as {@link #deleteTo} does and replaces the stream's properties, both at once.
   * What was changed before another writer took the stream is known to that one; what was not, will
   * never be.
   *
   * @param deleteTo 0 for no deletion
   * @param properties empty to leave them
   */
  public CompletionStage<Recovered> change(
      String persistenceId, long deleteTo, Optional<String> properties) {
    return inOrder(
        persistenceId,
        stream ->
            loaded(stream)
                .thenCompose(known -> change(known, deleteTo, properties))
                .thenApply(changed -> stream.recovered()));
  }

  /**
   * To be called every few seconds: reads the inbox when nobody else does and cleans it up, says to
   * the readers of the log that this writer is alive, and ends deletions that failed half-way.
   */
  public CompletionStage<Void> maintain() {
    return fence
        .maintain()
        .thenCompose(done -> log.maintain())
        .thenCompose(done -> eraseHalfDeleted());
  }

  /**
   * To be called before {@link #close}, if there is time, when nothing is under way any more:
   * readers are told that the log is complete. What is written from now on fails.
   */
  public CompletionStage<Void> end() {
    return log.end();
  }

  /** To be called when the writer is not used any more: it tries nothing again from now on. */
  public void close() {
    log.close();
  }

  /**
   * Whether this writer was cut off from its inbox for so long that it can never confirm anything
   * again. A new one must take its place, and will claim each stream when it is next recovered.
   */
  public boolean isExpired() {
    return fence.isExpired() || log.isExpired();
  }

  /**
   * Whether this writer has lost so many streams that what is left of their revocations makes fence
   * reads slow. A new one should take its place, with this one as its predecessor; what is under
   * way goes on.
   */
  public boolean isWorn() {
    return fence.isWorn();
  }

  /** For tests. */
  StreamMemory memory() {
    return memory;
  }

  /** For tests. */
  CommitLog log() {
    return log;
  }

  /** The revocations that were read, but not removed yet. For tests. */
  List<UUID> unsettled() {
    return fence.unsettled();
  }

  /** What is forgotten is read again; but only a recovery takes a stream. */
  private CompletionStage<Stream> loaded(Stream stream) {
    if (mustBeClaimed(stream)) {
      return refuse(stream);
    }
    return stream.known ? completedFuture(stream) : load(stream, false);
  }

  private static boolean mustBeClaimed(Stream stream) {
    return stream.inDoubt || (stream.known && stream.isLost(stream.epoch));
  }

  private CompletionStage<Stream> load(Stream stream, boolean mayClaim) {
    return storage
        .readOwnership(stream.persistenceId)
        .thenCompose(
            row -> {
              if (row.isEmpty()) {
                return completedFuture(stream.becomeNew());
              }
              StreamOwnership current = row.get();
              if (current.owner().equals(id)
                  && !stream.inDoubt
                  && !stream.isLost(current.epoch())) {
                return goOn(stream, current, mayClaim);
              }
              return mayClaim ? claim.run(stream, current) : follow(stream, current);
            });
  }

  /**
   * Claims a stream that the predecessor owns and knows, whose actor needs no recovery if nothing
   * has happened to the stream meanwhile; fails for all others.
   */
  private CompletionStage<Stream> follow(Stream stream, StreamOwnership current) {
    Writer<R> former = predecessor;
    return former == null || stream.inDoubt || !current.owner().equals(former.id)
        ? refuse(stream)
        : former
            .standing(stream.persistenceId)
            .thenCompose(
                known ->
                    known.epoch() == current.epoch()
                        ? claim
                            .run(stream, current)
                            .thenCompose(claimed -> unchanged(claimed, known.state()))
                        : refuse(stream));
  }

  /** Where a stream stands after all that is under way there; fails if it must be recovered. */
  private CompletionStage<Standing> standing(String persistenceId) {
    return inOrder(
        persistenceId,
        stream -> loaded(stream).thenApply(known -> new Standing(known.epoch, known.recovered())));
  }

  private CompletionStage<Stream> unchanged(Stream stream, Recovered known) {
    if (stream.recovered().equals(known)) {
      return completedFuture(stream);
    }
    stream.inDoubt = true;
    return lost(stream);
  }

  private <T> CompletionStage<T> refuse(Stream stream) {
    return stream.inDoubt
        ? failedFuture(
            new FenceException(
                "an earlier request to stream '%s' has an unknown outcome; recover the stream first"
                    .formatted(stream.persistenceId),
                Effect.NONE))
        : lost(stream);
  }

  private <T> CompletionStage<T> lost(Stream stream) {
    listener.lost(stream.persistenceId);
    return failedFuture(
        new FenceException(
            "stream '%s' was taken by another writer; recover it first"
                .formatted(stream.persistenceId),
            Effect.NONE));
  }

  /**
   * Reads where a forgotten stream stands. The ownership is read again after the tail: events of a
   * writer that claimed the stream in between are perhaps not settled, and are left to a claim.
   */
  private CompletionStage<Stream> goOn(Stream stream, StreamOwnership current, boolean mayClaim) {
    String persistenceId = stream.persistenceId;
    if (stream.known && stream.epoch == current.epoch()) {
      return completedFuture(stream);
    }
    return storage
        .readTail(persistenceId, current.head(), current.deletedTo())
        .thenCompose(
            tail ->
                storage
                    .readOwnership(persistenceId)
                    .thenCompose(
                        still ->
                            still.equals(Optional.of(current))
                                ? completedFuture(remember(stream, current, tail))
                                : load(stream, mayClaim)));
  }

  private static Stream remember(Stream stream, StreamOwnership current, Tail tail) {
    long settled = Math.max(current.head(), current.deletedTo());
    long highest = Math.max(tail.sequenceNr(), settled);
    // What is half deleted is never forgotten.
    return stream.isErased()
        ? stream.become(current.epoch(), highest, current.deletedTo(), current.properties())
        : stream.change(current.epoch(), highest, current.deletedTo(), current.properties());
  }

  private CompletionStage<Stream> change(
      Stream stream, long deleteTo, Optional<String> newProperties) {
    long to = Math.max(stream.deletedTo, Math.min(deleteTo, stream.highestSequenceNr));
    CompletionStage<Stream> recorded =
        to == stream.deletedTo && newProperties.isEmpty()
            ? completedFuture(stream)
            : record(stream, to, newProperties.orElse(stream.properties));
    // Recorded, it has taken place: whatever fails now does not undo it.
    return recorded.thenCompose(known -> ofUnknownEffect(erase(known)).thenApply(erased -> known));
  }

  private CompletionStage<Stream> record(
      Stream stream, long deleteTo, @Nullable String properties) {
    String persistenceId = stream.persistenceId;
    long highest = stream.highestSequenceNr;
    stream.inDoubt = true;
    CompletionStage<Long> owned =
        stream.epoch == 0 ? claim.create(persistenceId) : completedFuture(stream.epoch);
    return owned.thenCompose(
        epoch ->
            storage
                .recordChange(persistenceId, deleteTo, properties, epoch)
                .thenCompose(
                    recorded ->
                        recorded
                            ? completedFuture(stream.change(epoch, highest, deleteTo, properties))
                            : lost(stream)));
  }

  /**
   * Deletes from storage what is recorded as deleted. If that fails it is tried again, by the next
   * change, by {@link #maintain} or by whoever claims the stream.
   */
  private CompletionStage<Void> erase(Stream stream) {
    long to = stream.deletedTo;
    return stream.isErased()
        ? completedFuture(null)
        : storage
            .deleteEvents(stream.persistenceId, stream.erasedTo, to, stream.epoch)
            .thenAccept(deleted -> stream.erasedTo = to);
  }

  private CompletionStage<Void> eraseHalfDeleted() {
    CompletionStage<Void> all = completedFuture(null);
    for (String persistenceId : memory.halfDeleted()) {
      all =
          all.thenCompose(done -> inOrder(persistenceId, this::erase)).exceptionally(later -> null);
    }
    return all;
  }

  /** A step after which something has taken effect, whatever becomes of it. */
  private static CompletionStage<Void> ofUnknownEffect(CompletionStage<Void> step) {
    return step.exceptionally(
        failure -> {
          throw FenceException.ofUnknownEffect(failure);
        });
  }

  private <T> CompletionStage<T> inOrder(
      String persistenceId, Function<Stream, CompletionStage<T>> operation) {
    Stream stream = memory.enter(persistenceId);
    return stream
        .enqueue(() -> operation.apply(stream))
        .whenComplete((result, failure) -> memory.leave(stream));
  }
}
