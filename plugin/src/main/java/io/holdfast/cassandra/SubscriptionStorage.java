// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.cassandra.InstanceRow.Progress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/**
 * The durable subscriptions in a store's keyspace. Connects as {@link CassandraStorage} does, and
 * shares its session. Stages fail with a {@link io.holdfast.fence.FenceException}. Thread-safe;
 * nothing blocks.
 */
public final class SubscriptionStorage {
  private final CassandraConnection connection;

  /**
   * The storage that the store's section {@code cassandra} describes.
   *
   * @param store the path of the store's sections in the system's configuration
   */
  public SubscriptionStorage(ClassicActorSystemProvider system, String store) {
    this.connection = CassandraConnection.get(system, store);
  }

  /** An id for a new owner of an instance: a time UUID, unique over all nodes and starts. */
  public static UUID newOwner() {
    return CassandraStorage.newWriterId();
  }

  /** Stores a subscription unless one of that name is, and answers what is stored. */
  public CompletionStage<SubscriptionRow> register(String name, int instances, String beginsAt) {
    return connection
        .tables()
        .thenCompose(tables -> tables.subscriptions().register(name, instances, beginsAt));
  }

  /** Empty if there is none of that name. */
  public CompletionStage<Optional<SubscriptionRow>> read(String name) {
    return connection.tables().thenCompose(tables -> tables.subscriptions().read(name));
  }

  /** Begins a new generation at an offset; false if there is no such subscription. */
  public CompletionStage<Boolean> reset(String name, String beginsAt) {
    return connection.tables().thenCompose(tables -> tables.subscriptions().reset(name, beginsAt));
  }

  /** False if there is no such subscription. */
  public CompletionStage<Boolean> setPaused(String name, boolean paused) {
    return connection
        .tables()
        .thenCompose(tables -> tables.subscriptions().setPaused(name, paused));
  }

  /** Empty if the instance never had an owner. */
  public CompletionStage<Optional<InstanceRow>> readInstance(String name, int instance) {
    return connection
        .tables()
        .thenCompose(tables -> tables.subscriptions().readInstance(name, instance));
  }

  /**
   * Makes somebody the instance's owner, so that no other's offset is kept from now on, and answers
   * what was kept until then. May be repeated after a failure.
   */
  public CompletionStage<InstanceRow> take(String name, int instance, UUID owner) {
    return connection
        .tables()
        .thenCompose(tables -> tables.subscriptions().take(name, instance, owner));
  }

  /**
   * Keeps what the owner has come to. May be repeated after a failure.
   *
   * @return false if somebody else is the owner: nothing is kept then
   */
  public CompletionStage<Boolean> keep(String name, int instance, UUID owner, Progress progress) {
    return connection
        .tables()
        .thenCompose(tables -> tables.subscriptions().keep(name, instance, owner, progress));
  }

  /** Parks an event, unless it was removed in the same generation. */
  public CompletionStage<Void> park(String name, ParkedRow event) {
    return connection.tables().thenCompose(tables -> tables.parkedEvents().insert(name, event));
  }

  /** All parked events of an instance, in the order of streams and versions. */
  public CompletionStage<List<ParkedRow>> readParked(String name, int instance) {
    return connection.tables().thenCompose(tables -> tables.parkedEvents().read(name, instance));
  }

  /** How many events of an instance are parked. */
  public CompletionStage<Long> countParked(String name, int instance) {
    return connection.tables().thenCompose(tables -> tables.parkedEvents().count(name, instance));
  }

  /** Removes a parked event. */
  public CompletionStage<Void> removeParked(String name, ParkedRow event) {
    return connection.tables().thenCompose(tables -> tables.parkedEvents().delete(name, event));
  }
}
