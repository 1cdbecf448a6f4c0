// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.fence.Tail;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/**
 * Finds the last batch of a stream in a logarithmic number of reads. Between the head and the end
 * no partition is empty, because a batch is no longer than a partition: so it gallops ahead until
 * it meets an empty partition, then bisects.
 */
final class TailSearch {
  private final Partitions partitions;
  private final LongFunction<CompletionStage<Tail>> lastOf;

  /**
   * @param lastOf reads the last batch of a partition, {@link Tail#NONE} where it is empty
   */
  TailSearch(Partitions partitions, LongFunction<CompletionStage<Tail>> lastOf) {
    this.partitions = partitions;
    this.lastOf = lastOf;
  }

  CompletionStage<Tail> find(long head, long deletedTo) {
    if (deletedTo <= head) {
      return gallop(partitions.after(head), Tail.NONE, 0);
    }
    // The batch that holds the row after the deleted ones may begin in the partition before.
    long low = Math.max(partitions.after(head), partitions.lowestOf(deletedTo + 1));
    return gallop(low, Tail.NONE, 0)
        .thenCompose(
            tail ->
                tail.sequenceNr() == 0 && low < partitions.after(deletedTo)
                    ? gallop(low + 1, Tail.NONE, 0)
                    : completedFuture(tail));
  }

  /**
   * All partitions up to {@code partition - step} hold rows, and {@code best} is the last of them.
   */
  private CompletionStage<Tail> gallop(long partition, Tail best, long step) {
    return lastOf
        .apply(partition)
        .thenCompose(
            tail -> {
              if (tail.sequenceNr() == 0) {
                return bisect(partition - step, partition, best);
              }
              if (partitions.after(tail.sequenceNr()) <= partition) {
                return completedFuture(tail);
              }
              long next = step == 0 ? 1 : step * 2;
              return gallop(partition + next, tail, next);
            });
  }

  /** Partition {@code full} holds {@code best}, and {@code empty} holds nothing. */
  private CompletionStage<Tail> bisect(long full, long empty, Tail best) {
    if (empty - full <= 1) {
      return completedFuture(best);
    }
    long middle = full + (empty - full) / 2;
    return lastOf
        .apply(middle)
        .thenCompose(
            tail -> {
              if (tail.sequenceNr() == 0) {
                return bisect(full, middle, best);
              }
              return partitions.after(tail.sequenceNr()) <= middle
                  ? completedFuture(tail)
                  : bisect(middle, empty, tail);
            });
  }
}
