// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.concurrent.CompletionStage;

/**
 * Tells a reader without the stream's actor how far the stream's history is settled: no event up to
 * there will change or vanish. Thread-safe.
 *
 * <p>All batches of an epoch but the last are settled, since the next begins only when the previous
 * was acknowledged. The last is in doubt until checked: the stream's row in {@code streams} is
 * read, then the last batch, every row of it, then the owner's inbox, and then {@code streams}
 * again. That order matters: the owner removes a revocation when it sees that the epoch has moved
 * on, so one that was removed before the inbox was read shows as a later epoch afterwards. If the
 * stream's epoch is the same and not revoked, whoever claims it later will find in its tail what
 * was found here.
 *
 * <p>The rows are to be read afterwards, and not beyond: what is settled is readable at quorum.
 */
public final class SettledReads {
  private final FenceStorage<?> storage;

  public SettledReads(FenceStorage<?> storage) {
    this.storage = storage;
  }

  /** How far the stream is settled; nothing for a stream that nobody has written to. */
  public CompletionStage<Settled> read(String persistenceId) {
    return storage
        .readOwnership(persistenceId)
        .thenCompose(
            row ->
                row.isEmpty()
                    ? completedFuture(Settled.NOTHING)
                    : readAfterHead(persistenceId, row.get()));
  }

  private CompletionStage<Settled> readAfterHead(String persistenceId, StreamOwnership owner) {
    return owns(persistenceId, owner)
        .thenCompose(
            owned ->
                owned
                    ? storage
                        .readTail(persistenceId, owner.head(), owner.deletedTo())
                        .thenCompose(tail -> check(persistenceId, owner, tail))
                    : check(persistenceId, owner, Tail.NONE));
  }

  /** Whether what follows the head is the present epoch's: others' rows will be cleared. */
  private CompletionStage<Boolean> owns(String persistenceId, StreamOwnership owner) {
    return owner.deletedTo() > owner.head()
        ? completedFuture(true)
        : storage
            .epochAfter(persistenceId, owner.head())
            .thenApply(epoch -> epoch == owner.epoch());
  }

  private CompletionStage<Settled> check(String persistenceId, StreamOwnership owner, Tail tail) {
    long known = Math.max(owner.head(), owner.deletedTo());
    if (tail.sequenceNr() <= known) {
      // Nothing of this epoch was acknowledged, or all of it is deleted, perhaps just now.
      return isSame(persistenceId, owner).thenApply(same -> settled(owner, known, same));
    }
    long beforeTail = Math.max(known, tail.batchFirstSequenceNr() - 1);
    return storage
        .settleTail(persistenceId, tail, owner.deletedTo())
        .thenCompose(
            batch ->
                batch.isPresent()
                    ? isStillOwned(persistenceId, owner)
                        .thenApply(
                            owned -> settled(owner, owned ? tail.sequenceNr() : beforeTail, owned))
                    : isSame(persistenceId, owner)
                        .thenApply(same -> settled(owner, beforeTail, same)));
  }

  private static Settled settled(StreamOwnership row, long sequenceNr, boolean complete) {
    return new Settled(row.deletedTo(), sequenceNr, complete, row.properties());
  }

  private CompletionStage<Boolean> isStillOwned(String persistenceId, StreamOwnership owner) {
    return storage
        .readRevocations(owner.owner())
        .thenCompose(
            revocations ->
                revocations.stream().anyMatch(r -> r.covers(persistenceId, owner.epoch()))
                    ? completedFuture(false)
                    : storage
                        .readOwnership(persistenceId)
                        .thenApply(now -> now.filter(n -> n.epoch() == owner.epoch()).isPresent()));
  }

  /**
   * If nobody has claimed the stream or deleted from it, rows that are not there were never
   * acknowledged.
   */
  private CompletionStage<Boolean> isSame(String persistenceId, StreamOwnership owner) {
    return storage
        .readOwnership(persistenceId)
        .thenApply(now -> now.filter(owner::equals).isPresent());
  }
}
