// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Tells writers which streams they lose, before anything else is done to take them. Streams that
 * are taken from one writer at the same time share a revocation. Thread-safe.
 */
final class Revoker {
  private static final int MAX_STREAMS = 500;

  private record Lost(String persistenceId, long epoch) {}

  private final FenceStorage<?> storage;
  private final Map<UUID, Rounds<Lost>> outboxes = new HashMap<>();

  Revoker(FenceStorage<?> storage) {
    this.storage = storage;
  }

  /** Completes when the revocation is stored. */
  CompletionStage<Void> revoke(UUID owner, String persistenceId, long epoch) {
    Rounds<Lost> outbox;
    CompletionStage<Void> revoked;
    synchronized (outboxes) {
      outbox = outboxes.computeIfAbsent(owner, this::outbox);
    }
    revoked = outbox.join(new Lost(persistenceId, epoch));
    return revoked.whenComplete((done, failure) -> discard(owner, outbox));
  }

  private Rounds<Lost> outbox(UUID owner) {
    return new Rounds<>(
        1,
        MAX_STREAMS,
        entries -> {
          Map<String, Long> streams = new HashMap<>();
          entries.forEach(lost -> streams.merge(lost.persistenceId(), lost.epoch(), Math::max));
          return storage.revoke(owner, streams);
        });
  }

  private void discard(UUID owner, Rounds<Lost> outbox) {
    synchronized (outboxes) {
      if (outbox.isIdle()) {
        outboxes.remove(owner, outbox);
      }
    }
  }
}
