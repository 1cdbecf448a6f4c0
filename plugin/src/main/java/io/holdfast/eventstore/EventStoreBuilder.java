// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamSharding;
import io.holdfast.metrics.Measurements;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEventSerializer;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;

/** What an {@link EventStore} is made of. Not thread-safe. */
public final class EventStoreBuilder {
  private final ActorSystem<?> system;
  private EventSerializer serializer = JsonEventSerializer.create();
  private IdGenerator idGenerator = IdGenerator.randomUuid();
  private InstantSource clock = InstantSource.system();

  EventStoreBuilder(ActorSystem<?> system) {
    this.system = requireNonNull(system, "system");
  }

  /** Replaces the serializer of payloads; JSON without registered types by default. */
  public EventStoreBuilder serializer(EventSerializer serializer) {
    this.serializer = requireNonNull(serializer, "serializer");
    return this;
  }

  /** Replaces the source of ids for events that were given none; random UUIDs by default. */
  public EventStoreBuilder idGenerator(IdGenerator idGenerator) {
    this.idGenerator = requireNonNull(idGenerator, "idGenerator");
    return this;
  }

  /**
   * Replaces the clock that says when an event was recorded; the system's by default. It counts for
   * the streams that this node hosts, whoever appends to them.
   */
  public EventStoreBuilder clock(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Starts to host streams on this node, and returns the store. Does not wait for Cassandra nor for
   * the cluster; operations do.
   *
   * @throws IllegalArgumentException if a setting is out of range
   * @throws IllegalStateException if the actor system is not configured for a cluster
   */
  public EventStore start() {
    StreamEntitySettings settings = StreamEntitySettings.of(system);
    StreamSharding streams = StreamSharding.start(system, settings, clock);
    return new ShardedEventStore(
        new StreamClient(streams, settings),
        new EventCodec(serializer, idGenerator),
        streams.reader(),
        Measurements.get(system),
        settings);
  }
}
