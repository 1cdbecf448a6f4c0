// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol asks of storage. All reads and writes are at quorum, so that what one has read
 * stays readable.
 *
 * <p>Every stage that fails does so with a {@link FenceException}, whose effect says whether the
 * operation may have taken place, or may still. Thread-safe; no method blocks.
 *
 * @param <R> an event's row, opaque to the protocol
 */
public interface FenceStorage<R> extends LogStorage {
  /** The stream's row; empty if no writer ever claimed the stream. */
  CompletionStage<Optional<StreamOwnership>> readOwnership(String persistenceId);

  /**
   * Creates the stream's row with head 0, if there is none. Answers whether this call created it.
   */
  CompletionStage<Boolean> createOwnership(String persistenceId, UUID owner, long epoch);

  /**
   * Replaces owner, epoch and head, if the whole row is the previous one still: the owner may have
   * deleted events meanwhile, in the same epoch, and the head may rest on what was deleted. Answers
   * whether it was.
   */
  CompletionStage<Boolean> takeOwnership(
      String persistenceId, StreamOwnership next, StreamOwnership previous);

  /**
   * Sets {@code deleted_to} and the properties, if the epoch is the expected one still. Answers
   * whether it was.
   */
  CompletionStage<Boolean> recordChange(
      String persistenceId, long deletedTo, @Nullable String properties, long expectedEpoch);

  /** The last batch after {@code head}, or {@link Tail#NONE}. */
  CompletionStage<Tail> readTail(String persistenceId, long head, long deletedTo);

  /**
   * Reads every row of the batch after {@code deletedTo}, whole and in one request, so that all of
   * it stays readable at quorum. Of a batch that reached too few replicas, an earlier read may have
   * made some rows readable, or parts of them, and no others.
   *
   * @return the batch; empty if some of its rows were not there, or not whole
   */
  CompletionStage<Optional<StoredBatch>> settleTail(
      String persistenceId, Tail tail, long deletedTo);

  /**
   * The epoch of the row that follows {@code head}; 0 if there is none. Of the row's batch nothing
   * else need be readable.
   */
  CompletionStage<Long> epochAfter(String persistenceId, long head);

  /**
   * Writes the rows atomically with the epoch as their timestamp.
   *
   * @param batchFirst where the batch begins: the stream's highest sequence number plus 1. Numbers
   *     from here on that have no row were rejected, and are filled, so that the stream has no gap
   * @param logPosition the writer's next free position in its log, or {@link StoredBatch#UNLOGGED}
   */
  CompletionStage<Void> insert(
      Batch<R> batch, long batchFirst, long epoch, UUID writer, long logPosition);

  /** Fills the numbers of rejected events, as a batch of its own. */
  CompletionStage<Void> fill(
      String persistenceId, long first, long last, long epoch, UUID writer, long logPosition);

  /** Writes a revocation of these streams and epochs to a writer's inbox. */
  CompletionStage<Void> revoke(UUID owner, Map<String, Long> streams);

  /**
   * Reads a writer's inbox: all revocations of which the writing was complete before this read
   * began, unless they were deleted or have expired after {@link Revocation#RETENTION}.
   */
  CompletionStage<List<Revocation>> readRevocations(UUID writer);

  /** Removes a revocation from a writer's inbox, whatever the clocks of the two say. */
  CompletionStage<Void> deleteRevocation(UUID writer, UUID revocation);

  /**
   * Deletes all rows after {@code sequenceNr} whose epoch is at most {@code epoch}, where the next
   * batch would stand.
   */
  CompletionStage<Void> clearAfter(String persistenceId, long sequenceNr, long epoch);

  /**
   * The lowest sequence number up to {@code deletedTo} whose row is there still, because a deletion
   * has not come to its end; 0 if none is. Then none will be read any more.
   */
  CompletionStage<Long> firstUndeleted(String persistenceId, long deletedTo);

  /**
   * Deletes the rows after {@code deletedTo} up to {@code toSequenceNr} whose epoch is at most
   * {@code epoch}.
   */
  CompletionStage<Void> deleteEvents(
      String persistenceId, long deletedTo, long toSequenceNr, long epoch);
}
