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
import io.holdfast.settings.Section;
import java.time.InstantSource;
import java.util.function.Function;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** What an {@link EventStore} is made of. Not thread-safe. */
public final class EventStoreBuilder {
  /** Where the streams are, and what tells the time there. */
  private record Hosted(Streams streams, InstantSource clock) {}

  /** Starts to host them, with a clock if one was given. */
  @FunctionalInterface
  private interface Start {
    Hosted start(StreamEntitySettings settings, @Nullable InstantSource clock);
  }

  private final Function<String, StreamEntitySettings> settings;
  private final Start start;
  private final @Nullable ActorSystem<?> measured;
  private String config = Section.DEFAULT_STORE;
  private EventSerializer serializer = JsonEventSerializer.create();
  private IdGenerator idGenerator = IdGenerator.randomUuid();
  private @Nullable InstantSource clock;

  private EventStoreBuilder(
      Function<String, StreamEntitySettings> settings,
      Start start,
      @Nullable ActorSystem<?> measured) {
    this.settings = settings;
    this.start = start;
    this.measured = measured;
  }

  static EventStoreBuilder of(ActorSystem<?> system) {
    requireNonNull(system, "system");
    return new EventStoreBuilder(
        config -> StreamEntitySettings.of(system.settings().config(), config),
        (settings, clock) -> sharded(system, settings, clock),
        system);
  }

  private static Hosted sharded(
      ActorSystem<?> system, StreamEntitySettings settings, @Nullable InstantSource clock) {
    if (isEnding(system)) {
      throw ending(system, null);
    }
    try {
      StreamSharding sharding = StreamSharding.start(system, settings, clock);
      return new Hosted(new ShardedStreams(sharding, settings), sharding.clock());
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
    return new EventStoreBuilder(
        config -> settings,
        (all, given) -> {
          InstantSource clock = given == null ? InstantSource.system() : given;
          return new Hosted(streams.apply(clock), clock);
        },
        null);
  }

  /**
   * Starts another store of the actor system than {@code holdfast}: one that has all sections of
   * that, with a keyspace of its own, at another path of the configuration.
   *
   * <pre>{@code
   * tenant2 = ${holdfast} { cassandra.keyspace = tenant2 }
   * }</pre>
   *
   * @param path of the sections, such as {@code tenant2}. All nodes must use the same
   * @throws IllegalStateException if the store is over streams of one's own, as in memory
   */
  public EventStoreBuilder config(String path) {
    requireNonNull(path, "path");
    if (measured == null) {
      throw new IllegalStateException(
          "config(\"%s\"): a store in memory has no keyspace; each that is started is another one"
              .formatted(path));
    }
    this.config = path;
    return this;
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
   * appends to them, so that all stores over them in this actor system have one clock: a store that
   * is given none shares that of the first.
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
   * @throws IllegalStateException if the actor system is not configured for a cluster, hosts the
   *     streams with another clock already, or has the keyspace open as another store
   * @throws UnavailableException if the actor system shuts down
   */
  public EventStore start() {
    StreamEntitySettings all = settings.apply(config);
    Hosted hosted = start.start(all, clock);
    return new StreamEventStore(
        hosted.streams(),
        new EventCodec(serializer, idGenerator),
        hosted.clock(),
        measured == null ? null : Measurements.get(measured),
        all);
  }
}
