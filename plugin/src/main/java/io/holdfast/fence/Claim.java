// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.FenceClock.Moment;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes one stream over, in the order that the protocol prescribes:
 *
 * <ol>
 *   <li>the revocation of the previous owner, stored before anything else is done, so that a claim
 *       that ends half-way leaves an owner that knows, never one that does not. A writer that takes
 *       a stream from itself, because something is in doubt, knows already, but readers without the
 *       actor do not, and would take for settled what this claim is about to clear;
 *   <li>if no row of the previous epoch follows its head, that epoch's own clearing, again, since
 *       its owner may have died before it;
 *   <li>the tail, and every row of its batch. A batch of which some cannot be read reached too few
 *       replicas and was never acknowledged; it is cleared with step 5, as what follows the head.
 *       From it the {@link LogProof}, whose outcome the {@link CommitLog} remembers from before
 *       step 4 on, whatever becomes of that;
 *   <li>the new owner, epoch and head, if the stream's row is unchanged and the revocation not old;
 *       else from the beginning. The whole row: events that the previous owner has deleted since it
 *       was read are not in the tail, and only the row knows how far they went;
 *   <li>the clearing of what the previous owner may still have on the wire, the end of a deletion
 *       that it recorded and did not complete, and the adoption of what may be in no log.
 * </ol>
 *
 * <p>The stream is in doubt from before step 4 until after step 5: a claim that stops there is made
 * again, never resumed.
 */
final class Claim {
  private static final int MAX_ATTEMPTS = 10;

  /**
   * Where a stream ends.
   *
   * @param last the batch that ends with the head; empty if it is deleted
   */
  private record End(long head, Optional<StoredBatch> last) {}

  private final FenceStorage<?> storage;
  private final UUID writer;
  private final FenceClock clock;
  private final Epochs epochs;
  private final Revoker revoker;
  private final LogProof proof;
  private final CommitLog log;
  private final boolean fencing;
  private final boolean logging;
  private final FenceListener listener;

  Claim(
      FenceStorage<?> storage,
      UUID writer,
      FenceClock clock,
      CommitLog log,
      WriterSettings settings,
      FenceListener listener) {
    this.storage = storage;
    this.writer = writer;
    this.clock = clock;
    this.epochs = new Epochs(clock.wall());
    this.revoker = new Revoker(storage);
    this.proof = new LogProof(storage);
    this.log = log;
    this.fencing = settings.fencing();
    this.logging = settings.maxOpenLogRows() > 0;
    this.listener = listener;
  }

  CompletionStage<Stream> run(Stream stream, StreamOwnership previous) {
    Moment began = clock.now();
    return attempt(stream, previous, 1)
        .whenComplete(
            (claimed, failure) ->
                listener.claimed(stream.persistenceId, previous, clock.nanosSince(began), failure));
  }

  private CompletionStage<Stream> attempt(Stream stream, StreamOwnership previous, int attempt) {
    stream.known = false;
    String persistenceId = stream.persistenceId;
    Moment began = clock.now();
    return revoke(persistenceId, previous)
        .thenCompose(revoked -> repeatClearing(persistenceId, previous))
        .thenCompose(cleared -> readEnd(persistenceId, previous))
        .thenCompose(
            end ->
                prove(previous, end)
                    .thenCompose(
                        proved ->
                            clock.hasPassed(Fence.MAX_DELAY, began)
                                ? again(stream, attempt)
                                : take(stream, previous, end.head(), proved, attempt)));
  }

  private CompletionStage<Void> revoke(String persistenceId, StreamOwnership previous) {
    return fencing
        ? revoker.revoke(previous.owner(), persistenceId, previous.epoch())
        : completedFuture(null);
  }

  private CompletionStage<Void> repeatClearing(String persistenceId, StreamOwnership previous) {
    return storage
        .epochAfter(persistenceId, previous.head())
        .thenCompose(
            epoch ->
                epoch == previous.epoch()
                    ? completedFuture(null)
                    : storage.clearAfter(persistenceId, previous.head(), previous.epoch() - 1));
  }

  private CompletionStage<End> readEnd(String persistenceId, StreamOwnership previous) {
    long known = Math.max(previous.head(), previous.deletedTo());
    return storage
        .readTail(persistenceId, previous.head(), previous.deletedTo())
        .thenCompose(
            tail ->
                tail.sequenceNr() <= known
                    ? endAt(persistenceId, previous, known)
                    : storage
                        .settleTail(persistenceId, tail, previous.deletedTo())
                        .thenCompose(
                            batch ->
                                batch.isPresent()
                                    ? completedFuture(new End(tail.sequenceNr(), batch))
                                    : endAt(
                                        persistenceId,
                                        previous,
                                        Math.max(known, tail.batchFirstSequenceNr() - 1))));
  }

  private CompletionStage<End> endAt(String persistenceId, StreamOwnership previous, long head) {
    return logging && head > previous.deletedTo()
        ? storage.readBatch(persistenceId, head).thenApply(batch -> new End(head, batch))
        : completedFuture(new End(head, Optional.empty()));
  }

  private CompletionStage<LogProof.Result> prove(StreamOwnership previous, End end) {
    return logging && end.head() > 0
        ? proof.search(previous, end.last())
        : completedFuture(LogProof.Result.NOTHING);
  }

  private CompletionStage<Stream> take(
      Stream stream, StreamOwnership previous, long head, LogProof.Result proved, int attempt) {
    String persistenceId = stream.persistenceId;
    long epoch = epochs.next(previous.epoch());
    stream.inDoubt = true;
    log.depend(proved.after());
    return storage
        .takeOwnership(persistenceId, previous.takenBy(writer, epoch, head), previous)
        .thenCompose(
            taken ->
                taken
                    ? storage
                        .clearAfter(persistenceId, head, epoch - 1)
                        .thenCompose(cleared -> endDeletion(persistenceId, previous, epoch))
                        .thenCompose(erased -> log.adopt(proved.unproved()))
                        .thenApply(
                            adopted ->
                                stream.become(
                                    epoch, head, previous.deletedTo(), previous.properties()))
                    : again(stream, attempt));
  }

  private CompletionStage<Void> endDeletion(
      String persistenceId, StreamOwnership previous, long epoch) {
    long deletedTo = previous.deletedTo();
    return deletedTo == 0
        ? completedFuture(null)
        : storage
            .firstUndeleted(persistenceId, deletedTo)
            .thenCompose(
                first ->
                    first == 0
                        ? completedFuture(null)
                        : storage.deleteEvents(persistenceId, first - 1, deletedTo, epoch));
  }

  private CompletionStage<Stream> again(Stream stream, int attempt) {
    listener.claimRepeated(stream.persistenceId, attempt);
    if (attempt == MAX_ATTEMPTS) {
      return CompletableFuture.failedFuture(
          new FenceException(
              "stream '%s' was taken by other writers %d times while this one claimed it; try again later"
                  .formatted(stream.persistenceId, MAX_ATTEMPTS),
              FenceException.Effect.NONE));
    }
    return storage
        .readOwnership(stream.persistenceId)
        .thenCompose(current -> attempt(stream, current.orElseThrow(), attempt + 1));
  }

  /**
   * The first claim of a stream that has no owner; answers the epoch. There is nothing to clear.
   */
  CompletionStage<Long> create(String persistenceId) {
    long epoch = epochs.next(0);
    return storage
        .createOwnership(persistenceId, writer, epoch)
        .thenCompose(
            created ->
                created
                    ? completedFuture(epoch)
                    : CompletableFuture.failedFuture(
                        new FenceException(
                            "stream '%s' was new, and another writer has created it meanwhile; recover it first"
                                .formatted(persistenceId),
                            FenceException.Effect.NONE)));
  }
}
