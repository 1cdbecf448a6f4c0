// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.holdfast.fence.FenceException.Effect;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One journal instance's part in the protocol: it owns streams, each in an epoch, and writes to no
 * other.
 *
 * <p>Operations on one stream run one at a time, in the order of the calls, those of an earlier
 * incarnation of the stream's actor included: a recovery that is asked for while a write is in
 * flight begins when the write has ended. Operations on different streams run side by side.
 * Thread-safe; no method blocks; stages that fail do so with a {@link FenceException}.
 *
 * <p>Whatever fails after it was sent leaves its stream in doubt. A stream in doubt accepts no
 * write until a recovery has claimed it with a new epoch, even where this writer owns it still: the
 * lost write may take effect later, and must not meet a row of its own epoch.
 *
 * @param <R> an event's row, opaque to the protocol
 */
public final class Writer<R> {
  /** The most rejected events in a row. Whatever is above is no gap but a mistake. */
  private static final int MAX_GAP = 100_000;

  private final UUID id;
  private final FenceStorage<R> storage;
  private final Epochs epochs;
  private final Claim claim;
  private final StreamMemory memory;
  private final int maxBatchSize;

  /**
   * @param id a fresh time UUID
   * @param maxBatchSize the most sequence numbers that a batch may take, filled ones included
   * @param maxRememberedStreams how many idle streams to remember, so that their next use costs
   *     less
   */
  public Writer(
      UUID id,
      FenceStorage<R> storage,
      InstantSource clock,
      int maxBatchSize,
      int maxRememberedStreams) {
    this.id = id;
    this.storage = storage;
    this.epochs = new Epochs(clock);
    this.claim = new Claim(storage, id, epochs);
    this.memory = new StreamMemory(maxRememberedStreams);
    this.maxBatchSize = maxBatchSize;
  }

  public UUID id() {
    return id;
  }

  /**
   * Makes this writer the owner of the stream, and answers where it stands. All events up to {@code
   * highestSequenceNr} are settled: no other writer's late write will change or hide them.
   */
  public CompletionStage<Recovered> recover(String persistenceId) {
    return inOrder(persistenceId, stream -> load(stream, true).thenApply(Stream::recovered));
  }

  /** Where a stream that this writer has recovered stands. */
  public CompletionStage<Recovered> current(String persistenceId) {
    return inOrder(persistenceId, stream -> loaded(stream).thenApply(Stream::recovered));
  }

  /**
   * Writes a batch. When the stage completes, the batch is stored; when it fails, the exception's
   * effect counts.
   */
  public CompletionStage<Void> write(Batch<R> batch) {
    return inOrder(
        batch.persistenceId(),
        stream -> {
          if (stream.inDoubt) {
            return failedFuture(
                new FenceException(
                    "an earlier write to stream '%s' has an unknown outcome; recover the stream first"
                        .formatted(stream.persistenceId),
                    Effect.NONE));
          }
          return beforeInsert(loaded(stream)).thenCompose(known -> insert(known, batch));
        });
  }

  /**
   * Deletes events up to {@code toSequenceNr}, at most up to the highest sequence number, which
   * survives. Repeating a deletion is harmless.
   */
  public CompletionStage<Void> deleteTo(String persistenceId, long toSequenceNr) {
    return inOrder(
        persistenceId, stream -> loaded(stream).thenCompose(known -> delete(known, toSequenceNr)));
  }

  /** What is forgotten is read again; but only a recovery takes a stream from another writer. */
  private CompletionStage<Stream> loaded(Stream stream) {
    return stream.known && !stream.inDoubt ? completedFuture(stream) : load(stream, false);
  }

  private CompletionStage<Stream> load(Stream stream, boolean mayTake) {
    return storage
        .readOwnership(stream.persistenceId)
        .thenCompose(
            row -> {
              if (row.isEmpty()) {
                return completedFuture(stream.becomeNew());
              }
              StreamOwnership current = row.get();
              if (!current.owner().equals(id)) {
                return mayTake ? claim.run(stream, current) : failedFuture(taken(stream));
              }
              return stream.inDoubt ? claim.run(stream, current) : goOn(stream, current);
            });
  }

  private static FenceException taken(Stream stream) {
    return new FenceException(
        "stream '%s' was taken by another writer; recover it first".formatted(stream.persistenceId),
        Effect.NONE);
  }

  private CompletionStage<Stream> goOn(Stream stream, StreamOwnership current) {
    if (stream.known && stream.epoch == current.epoch()) {
      return completedFuture(stream);
    }
    return storage
        .readTail(stream.persistenceId, current.head(), current.deletedTo())
        .thenApply(
            tail -> {
              long settled = Math.max(current.head(), current.deletedTo());
              long highest = Math.max(tail.sequenceNr(), settled);
              return stream.become(current.epoch(), highest, current.deletedTo());
            });
  }

  private CompletionStage<Void> insert(Stream stream, Batch<R> batch) {
    long batchFirst = stream.highestSequenceNr + 1;
    if (batch.firstSequenceNr() < batchFirst) {
      return failedFuture(
          new FenceException(
              "stream '%s' stands at %d, but a write begins at %d: another actor wrote to this stream; recover it first"
                  .formatted(
                      stream.persistenceId, stream.highestSequenceNr, batch.firstSequenceNr()),
              Effect.NONE));
    }
    if (batch.firstSequenceNr() - batchFirst > MAX_GAP) {
      return failedFuture(
          new FenceException(
              "stream '%s' stands at %d, but a write begins at %d: more than %d sequence numbers are missing between"
                  .formatted(
                      stream.persistenceId,
                      stream.highestSequenceNr,
                      batch.firstSequenceNr(),
                      MAX_GAP),
              Effect.NONE));
    }
    stream.inDoubt = true;
    CompletionStage<Long> epoch =
        stream.epoch == 0 ? beforeInsert(create(stream)) : completedFuture(stream.epoch);
    return epoch.thenCompose(
        mine ->
            insertAfterGap(batch, batchFirst, mine)
                .thenAccept(
                    stored -> stream.become(mine, batch.lastSequenceNr(), stream.deletedTo)));
  }

  /**
   * Numbers of rejected events are filled with the batch if it has room for them, else before it.
   */
  private CompletionStage<Void> insertAfterGap(Batch<R> batch, long batchFirst, long epoch) {
    if (batch.lastSequenceNr() - batchFirst < maxBatchSize) {
      return storage.insert(batch, batchFirst, epoch, id);
    }
    long fillTo = Math.min(batch.firstSequenceNr() - 1, batchFirst + maxBatchSize - 1);
    return beforeInsert(storage.fill(batch.persistenceId(), batchFirst, fillTo, epoch, id))
        .thenCompose(filled -> insertAfterGap(batch, fillTo + 1, epoch));
  }

  private CompletionStage<Long> create(Stream stream) {
    long epoch = epochs.next(0);
    return storage
        .createOwnership(stream.persistenceId, id, epoch)
        .thenCompose(
            created ->
                created
                    ? completedFuture(epoch)
                    : failedFuture(
                        new FenceException(
                            "stream '%s' was new, and another writer has created it meanwhile; recover it first"
                                .formatted(stream.persistenceId),
                            Effect.NONE)));
  }

  private CompletionStage<Void> delete(Stream stream, long toSequenceNr) {
    long deletedTo = stream.deletedTo;
    long to = Math.min(toSequenceNr, stream.highestSequenceNr);
    if (to <= deletedTo) {
      return completedFuture(null);
    }
    long epoch = stream.epoch;
    long highest = stream.highestSequenceNr;
    stream.inDoubt = true;
    return storage
        .recordDeletion(stream.persistenceId, to, epoch)
        .thenCompose(
            recorded ->
                recorded
                    ? storage.deleteEvents(stream.persistenceId, deletedTo, to, epoch)
                    : failedFuture(taken(stream)))
        .thenAccept(deleted -> stream.become(epoch, highest, to));
  }

  /** Whatever fails before the insert is sent leaves none of the batch's events behind. */
  private static <T> CompletionStage<T> beforeInsert(CompletionStage<T> stage) {
    return stage.exceptionally(
        failure -> {
          Throwable cause = FenceException.causeOf(failure);
          throw new FenceException(String.valueOf(cause.getMessage()), Effect.NONE, cause);
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
