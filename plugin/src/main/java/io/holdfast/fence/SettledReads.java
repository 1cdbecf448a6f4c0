// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Reads rows without the stream's actor, and tells those that are settled from those that may yet
 * vanish.
 *
 * <p>All batches of an epoch but the last are settled, since the next begins only when the previous
 * was acknowledged. The last is in doubt until checked: the stream's row in {@code streams} is
 * read, then the events, then the owner's inbox, and then {@code streams} again. That order
 * matters: the owner removes a revocation when it sees that the epoch has moved on, so one that was
 * removed before the inbox was read shows as a later epoch afterwards. If the stream's epoch is the
 * same and not revoked, whoever claims it later will find in its tail what was read here.
 */
public final class SettledReads {
  /**
   * Rows that were read while the stream's ownership did not change.
   *
   * @param ownership the owner then
   */
  public record Settled<T>(StreamOwnership ownership, T rows) {
    /**
     * Whether an event is part of the stream's history, and will stay so.
     *
     * @param epoch the write time of its row
     */
    public boolean isLive(long sequenceNr, long epoch) {
      return epoch == ownership.epoch() || sequenceNr <= ownership.head();
    }
  }

  private final FenceStorage<?> storage;

  public SettledReads(FenceStorage<?> storage) {
    this.storage = storage;
  }

  /**
   * Reads.
   *
   * @param rows reads the events, when called
   * @return empty if the stream is new or just being claimed: read again, later
   */
  public <T> CompletionStage<Optional<Settled<T>>> read(
      String persistenceId, Supplier<CompletionStage<T>> rows) {
    return storage
        .readOwnership(persistenceId)
        .thenCompose(
            before ->
                before.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : rows.get()
                        .thenCompose(
                            read -> check(persistenceId, new Settled<>(before.get(), read))));
  }

  private <T> CompletionStage<Optional<Settled<T>>> check(String persistenceId, Settled<T> read) {
    StreamOwnership before = read.ownership();
    return storage
        .readRevocations(before.owner())
        .thenCompose(
            revocations -> {
              boolean revoked =
                  revocations.stream()
                      .anyMatch(revocation -> revocation.covers(persistenceId, before.epoch()));
              return revoked
                  ? CompletableFuture.completedFuture(Optional.empty())
                  : storage
                      .readOwnership(persistenceId)
                      .thenApply(
                          after ->
                              after.filter(now -> now.epoch() == before.epoch()).map(now -> read));
            });
  }
}
