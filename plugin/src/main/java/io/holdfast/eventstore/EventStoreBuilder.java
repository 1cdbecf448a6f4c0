// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore;

import static java.util.Objects.requireNonNull;

import io.holdfast.eventstore.entity.ShardedStreams;
import io.holdfast.eventstore.entity.StreamEntitySettings;
import io.holdfast.eventstore.entity.StreamSharding;
import io.holdfast.eventstore.entity.Streams;
import io.holdfast.metrics.Measurements;
import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEventSerializer;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** What an {@link EventStore} is made of. Not thread-safe. */
public final class EventStoreBuilder {
  /** Where the streams are. */
  @FunctionalInterface
  private interface Start {
    Streams start(StreamEntitySettings settings, InstantSource clock);
  }

  private final Supplier<StreamEntitySettings> settings;
  private final Start start;
  private final @Nullable ActorSystem<?> measured;
  private EventSerializer serializer = JsonEventSerializer.create();
  private IdGenerator idGenerator = IdGenerator.randomUuid();
  private InstantSource clock = InstantSource.system();

  private EventStoreBuilder(
      Supplier<StreamEntitySettings> settings, Start start, @Nullable ActorSystem<?> measured) {
    this.settings = settings;
    this.start = start;
    this.measured = measured;
  }

  static EventStoreBuilder of(ActorSystem<?> system) {
    requireNonNull(system, "system");
    return new EventStoreBuilder(
        () -> StreamEntitySettings.of(system),
        (settings, clock) -> sharded(system, settings, clock),
        system);
  }

  private static Streams sharded(
      ActorSystem<?> system, StreamEntitySettings settings, InstantSource clock) {
    if (isEnding(system)) {
      throw ending(system, null);
    }
    try {
      return new ShardedStreams(StreamSharding.start(system, settings, clock), settings);
    } catch (Exception e) { // Sharding throws a checked one that it does not declare, too.
      if (isEnding(system)) {
        throw ending(system, e);
      }
      throw e;
    }
  }

  private static boolean isEnding(ActorSystem<?> system) {
    return system.getWhenTerminated().toCompletableFuture().isDone()
        || CoordinatedShutdown.get(system).getShutdownReason().isPresent();
  }

  private static UnavailableException ending(ActorSystem<?> system, @Nullable Throwable cause) {
    return new UnavailableException(
        "*",
        "actor system '%s' shuts down, and hosts no more streams".formatted(system.name()),
        cause);
  }

  /**
   * An event store over streams of your own, for a test kit.
   *
   * @param streams makes them, with the clock that the builder was given
   */
  public static EventStoreBuilder over(
      StreamEntitySettings settings, Function<InstantSource, Streams> streams) {
    requireNonNull(settings, "settings");
    requireNonNull(streams, "streams");
    return new EventStoreBuilder(() -> settings, (all, clock) -> streams.apply(clock), null);
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
   * Replaces the clock that says when an event was recorded, and which events are too old to be
   * kept; the system's by default. The former counts for the streams that this node hosts, whoever
   * appends to them.
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
   * @throws UnavailableException if the actor system shuts down
   */
  public EventStore start() {
    StreamEntitySettings all = settings.get();
    return new StreamEventStore(
        start.start(all, clock),
        new EventCodec(serializer, idGenerator),
        clock,
        measured == null ? null : Measurements.get(measured),
        all);
  }
}
