// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The revocations that other writers wrote for this one.
 *
 * <p>A revocation that was read marks its streams as lost at once. It is removed from storage only
 * when every stream in it has a later epoch: until then the claim is still under way, or its writer
 * died half-way, and a reader without the actor must find the revocation, or it would take for
 * settled what that claim is about to clear. Thread-safe.
 */
final class Inbox {
  /**
   * How many revocations make an inbox too long. Each that was removed is a tombstone for hours,
   * which every fence read passes: some microseconds each, and too many for Cassandra at 100,000.
   */
  static final int MAX_RECEIVED = 2_000;

  private final FenceStorage<?> storage;
  private final UUID writer;
  private final StreamMemory memory;

  /** By revocation the streams, pinned in memory, whose claims are not known to be complete. */
  private final Map<UUID, Map<Stream, Long>> open = new HashMap<>();

  private int received;

  Inbox(FenceStorage<?> storage, UUID writer, StreamMemory memory) {
    this.storage = storage;
    this.writer = writer;
    this.memory = memory;
  }

  /** Reads the inbox, and marks what is lost. */
  CompletionStage<Void> read() {
    return storage.readRevocations(writer).thenAccept(all -> all.forEach(this::receive));
  }

  private synchronized void receive(Revocation revocation) {
    if (open.containsKey(revocation.id())) {
      return;
    }
    Map<Stream, Long> streams = new HashMap<>();
    revocation
        .streams()
        .forEach(
            (persistenceId, epoch) -> {
              Stream stream = memory.enter(persistenceId);
              stream.lose(epoch);
              streams.put(stream, epoch);
            });
    open.put(revocation.id(), streams);
    received++;
  }

  /** Whether so many revocations have come that the writer should have another inbox. */
  synchronized boolean isWorn() {
    return received >= MAX_RECEIVED;
  }

  /**
   * Looks which claims are complete, and removes the revocations that have served. What fails is
   * left for the next time.
   */
  CompletionStage<Void> cleanUp() {
    List<UUID> revocations;
    synchronized (this) {
      revocations = List.copyOf(open.keySet());
    }
    CompletionStage<Void> all = completedFuture(null);
    for (UUID revocation : revocations) {
      all = all.thenCompose(done -> settle(revocation)).exceptionally(failure -> null);
    }
    return all;
  }

  private CompletionStage<Void> settle(UUID revocation) {
    CompletionStage<Void> all = completedFuture(null);
    for (Map.Entry<Stream, Long> lost : streams(revocation).entrySet()) {
      all = all.thenCompose(done -> settle(revocation, lost.getKey(), lost.getValue()));
    }
    return all.thenCompose(
        done ->
            streams(revocation).isEmpty()
                ? storage
                    .deleteRevocation(writer, revocation)
                    .thenAccept(deleted -> forget(revocation))
                : completedFuture(null));
  }

  private CompletionStage<Void> settle(UUID revocation, Stream stream, long epoch) {
    return storage
        .readOwnership(stream.persistenceId)
        .thenAccept(
            row -> {
              if (row.isPresent() && row.get().epoch() > epoch) {
                release(revocation, stream);
              }
            });
  }

  private synchronized Map<Stream, Long> streams(UUID revocation) {
    return new HashMap<>(open.getOrDefault(revocation, Map.of()));
  }

  private void release(UUID revocation, Stream stream) {
    synchronized (this) {
      Map<Stream, Long> streams = open.get(revocation);
      if (streams == null || streams.remove(stream) == null) {
        return;
      }
    }
    memory.leave(stream);
  }

  private synchronized void forget(UUID revocation) {
    open.remove(revocation);
  }

  /** The revocations that were read, but not removed yet. */
  synchronized List<UUID> unsettled() {
    return new ArrayList<>(open.keySet());
  }
}
