// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Which batches at a stream's end are in a log that readers will read, for its claimer. It walks
 * back from the tail, batch by batch, to one that is <em>proved logged</em>: it stands, not void,
 * in a final row of its writer's log. Whoever has read that row has been given the whole stream up
 * to there, for the row's writer made the same walk when it took the stream. All batches behind it
 * are <em>unproved</em>; at most two, unless claims were repeated.
 */
final class LogProof {
  /** So many rows of a log are searched for one batch; it stands at its position or soon after. */
  private static final int MAX_ROWS = 1_000;

  /**
   * @param after which position a reader must have reached in which logs to have read all that is
   *     proved
   * @param unproved the rest, oldest first
   */
  record Result(Map<UUID, Long> after, List<LogEntry> unproved) {
    static final Result NOTHING = new Result(Map.of(), List.of());
  }

  /** Where an entry stands. */
  private record Place(long position, int index) {
    boolean isVoidIn(LogRow settling) {
      return settling.voided().getOrDefault(position, Set.of()).contains(index);
    }
  }

  private final LogStorage storage;

  LogProof(LogStorage storage) {
    this.storage = storage;
  }

  /**
   * @param previous the stream's owner, who is revoked
   * @param last the last batch that stands; empty if all events are deleted
   */
  CompletionStage<Result> search(StreamOwnership previous, Optional<StoredBatch> last) {
    return search(previous, last, List.of());
  }

  private CompletionStage<Result> search(
      StreamOwnership previous, Optional<StoredBatch> last, List<LogEntry> unproved) {
    if (last.isEmpty()) {
      return dependOnAll(previous, unproved);
    }
    StoredBatch batch = last.get();
    if (batch.logPosition() == StoredBatch.UNLOGGED) {
      return completedFuture(new Result(Map.of(), unproved));
    }
    return scan(batch, batch.logPosition(), null)
        .thenCompose(
            found ->
                found > 0
                    ? completedFuture(new Result(Map.of(batch.writer(), found), unproved))
                    : searchBefore(previous, batch.entry(), unproved));
  }

  private CompletionStage<Result> searchBefore(
      StreamOwnership previous, LogEntry batch, List<LogEntry> unproved) {
    List<LogEntry> longer = new ArrayList<>(unproved.size() + 1);
    longer.add(batch);
    longer.addAll(unproved);
    long before = batch.firstSequenceNr() - 1;
    return before <= previous.deletedTo()
        ? dependOnAll(previous, longer)
        : storage
            .readBatch(batch.persistenceId(), before)
            .thenCompose(found -> search(previous, found, longer));
  }

  /**
   * What is before the unproved batches, if anything, is deleted. But a reader may be about to
   * deliver it still, from any row of the owner's log, final or not, and must not do so afterwards.
   */
  private CompletionStage<Result> dependOnAll(StreamOwnership previous, List<LogEntry> unproved) {
    return previous.deletedTo() == 0
        ? completedFuture(new Result(Map.of(), unproved))
        : storage
            .readLogEnd(previous.owner())
            .thenApply(end -> new Result(Map.of(previous.owner(), end), unproved));
  }

  /** The position after the row that proves the batch logged; 0 if none does. */
  private CompletionStage<Long> scan(StoredBatch batch, long from, @Nullable Place known) {
    if (from - batch.logPosition() >= MAX_ROWS) {
      return completedFuture(0L);
    }
    return storage
        .readLog(batch.writer(), from)
        .thenCompose(
            rows -> {
              Place place = known;
              for (LogRow row : rows) {
                if (place == null) {
                  place = find(batch.entry(), row);
                } else if (row.settledTo() > place.position) {
                  return completedFuture(place.isVoidIn(row) ? 0 : place.position + 1);
                }
              }
              return rows.isEmpty() ? completedFuture(0L) : scan(batch, from + rows.size(), place);
            });
  }

  private static @Nullable Place find(LogEntry batch, LogRow row) {
    for (int i = 0; i < row.entries().size(); i++) {
      if (row.entries().get(i).isSame(batch)) {
        return new Place(row.position(), i);
      }
    }
    return null;
  }
}
