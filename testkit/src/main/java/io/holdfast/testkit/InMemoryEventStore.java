// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreBuilder;
import io.holdfast.eventstore.entity.StreamEntitySettings;

/**
 * An event store without a cluster and without Cassandra, for fast tests. It decides as the real
 * one does, by the same code and within the same limits, and forgets everything with the last
 * reference to it. Stages that it returns are complete already; only subscriptions wait.
 *
 * <pre>{@code
 * EventStore store = InMemoryEventStore.create();
 * EventStore timed = InMemoryEventStore.builder().clock(clock).idGenerator(ids).start();
 * }</pre>
 */
public final class InMemoryEventStore {
  private InMemoryEventStore() {}

  /** An empty store with the defaults: JSON payloads, random UUIDs, the system's clock. */
  public static EventStore create() {
    return builder().start();
  }

  /**
   * A store with a serializer, id generator or clock of your own; empty each time it is started.
   * Its limits are those of {@code holdfast.event-store} in the application's configuration.
   */
  public static EventStoreBuilder builder() {
    return builder(StreamEntitySettings.of(ConfigFactory.load()));
  }

  /** A store with limits of your own; empty each time it is started. */
  public static EventStoreBuilder builder(StreamEntitySettings settings) {
    return EventStoreBuilder.over(settings, clock -> new InMemoryStreams(settings, clock));
  }
}
