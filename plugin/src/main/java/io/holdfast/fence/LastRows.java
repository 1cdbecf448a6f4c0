// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * Settles the last row of a log that stays last, because its writer has died or is cut off: entry
 * by entry, each by how far its stream {@linkplain SettledReads is settled}. Thread-safe.
 */
public final class LastRows {
  private final FenceStorage<?> storage;
  private final SettledReads reads;

  public LastRows(FenceStorage<?> storage) {
    this.storage = storage;
    this.reads = new SettledReads(storage);
  }

  /**
   * Which of the row's entries are not history and never will be, by their indexes.
   *
   * @return empty if that is open for some, since their stream is just being claimed: ask again
   */
  public CompletionStage<Optional<Set<Integer>>> settle(LogRow row) {
    return settle(row, 0, new TreeSet<>());
  }

  private CompletionStage<Optional<Set<Integer>>> settle(
      LogRow row, int index, Set<Integer> voided) {
    if (index == row.entries().size()) {
      return completedFuture(Optional.of(voided));
    }
    LogEntry entry = row.entries().get(index);
    return reads
        .read(entry.persistenceId())
        .thenCompose(
            settled -> {
              boolean isHistory = settled.sequenceNr() >= entry.lastSequenceNr();
              if (!isHistory && !settled.complete()) {
                return completedFuture(Optional.<Boolean>empty());
              }
              return isHistory
                  ? storage
                      .readBatch(entry.persistenceId(), entry.lastSequenceNr())
                      .thenApply(
                          batch ->
                              Optional.of(batch.filter(b -> b.entry().isSame(entry)).isPresent()))
                  : completedFuture(Optional.of(false));
            })
        .thenCompose(
            stands -> {
              if (stands.isEmpty()) {
                return completedFuture(Optional.<Set<Integer>>empty());
              }
              if (!stands.get()) {
                voided.add(index);
              }
              return settle(row, index + 1, voided);
            });
  }
}
