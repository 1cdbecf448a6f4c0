// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/**
 * The snapshots in a store's keyspace. Connects as {@link CassandraStorage} does, and shares its
 * session. Thread-safe; nothing blocks.
 */
public final class SnapshotStorage {
  private final CassandraConnection connection;
  private final Duration patience;

  /**
   * The storage that the store's section {@code cassandra} describes.
   *
   * @param store the path of the store's sections in the system's configuration
   * @param patience how long a snapshot waits for room in the bytes that reads hold
   */
  public SnapshotStorage(ClassicActorSystemProvider system, String store, Duration patience) {
    this.connection = CassandraConnection.get(system, store);
    this.patience = patience;
  }

  /**
   * Saves a snapshot in place of all others of the same sequence number. It is visible whole or not
   * at all.
   *
   * @param chunkSize the most bytes to a row
   */
  public CompletionStage<Void> save(SnapshotRow snapshot, int chunkSize) {
    return connection.change(
        () -> connected(snapshots -> snapshots.save(snapshot, chunkSize, patience)));
  }

  /**
   * Uses the snapshot of the highest sequence number that matches. The bytes that reads hold count
   * it until the use has completed.
   */
  public <T> CompletionStage<T> load(
      String persistenceId,
      SnapshotCriteria criteria,
      Function<Optional<SnapshotRow>, CompletionStage<T>> use) {
    return connected(snapshots -> snapshots.load(persistenceId, criteria, patience, use));
  }

  /** Deletes all snapshots that match. */
  public CompletionStage<Void> delete(String persistenceId, SnapshotCriteria criteria) {
    return connection.change(
        () -> connected(snapshots -> snapshots.delete(persistenceId, criteria)));
  }

  private <T> CompletionStage<T> connected(Function<SnapshotsTable, CompletionStage<T>> operation) {
    return connection.tables().thenCompose(tables -> operation.apply(tables.snapshots()));
  }
}
