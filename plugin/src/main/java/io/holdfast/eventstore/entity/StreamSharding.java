// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.query.StreamReader;
import java.lang.reflect.RecordComponent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings.PassivationStrategySettings;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings.PassivationStrategySettings$;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.Persistence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts streams on this node of the cluster, and reaches those of all nodes. Start it on every
 * node; a node without the configured role hosts none and reaches all. Thread-safe.
 */
public final class StreamSharding {
  private static final Logger LOG = LoggerFactory.getLogger(StreamSharding.class);

  /** What an actor system hosts, by entity type. */
  private static final class All implements Extension {
    final ActorSystem<?> system;
    private final Map<String, StreamSharding> byEntityType = new HashMap<>();

    All(ActorSystem<?> system) {
      this.system = system;
    }

    synchronized StreamSharding start(
        StreamEntitySettings settings, @Nullable InstantSource clock) {
      StreamSharding hosted = byEntityType.get(settings.entityType());
      if (hosted != null) {
        hosted.requireSame(settings, clock);
        return hosted;
      }
      StreamSharding begun = host(system, settings, clock == null ? InstantSource.system() : clock);
      byEntityType.put(settings.entityType(), begun);
      return begun;
    }
  }

  private static final class Id extends ExtensionId<All> {
    static final Id INSTANCE = new Id();

    @Override
    public All createExtension(ActorSystem<?> system) {
      return new All(system);
    }
  }

  private final StreamEntitySettings settings;
  private final InstantSource clock;
  private final ClusterSharding sharding;
  private final EntityTypeKey<StreamCommand> typeKey;
  private final StreamReader reader;
  private final StreamAccess access;

  private StreamSharding(
      StreamEntitySettings settings,
      InstantSource clock,
      ClusterSharding sharding,
      EntityTypeKey<StreamCommand> typeKey,
      StreamReader reader,
      StreamAccess access) {
    this.settings = settings;
    this.clock = clock;
    this.sharding = sharding;
    this.typeKey = typeKey;
    this.reader = reader;
    this.access = access;
  }

  /**
   * Starts hosting, or shares what the actor system hosts already.
   *
   * @param clock tells when events are recorded; null for that of what is hosted, or else the
   *     system's
   * @throws IllegalStateException if the actor system is not configured for a cluster, or hosts
   *     streams of that entity type with another clock or other settings
   */
  public static StreamSharding start(
      ActorSystem<?> system, StreamEntitySettings settings, @Nullable InstantSource clock) {
    return Id.INSTANCE.apply(system).start(settings, clock);
  }

  private void requireSame(StreamEntitySettings wanted, @Nullable InstantSource wantedClock) {
    List<String> others = new ArrayList<>();
    if (wantedClock != null && !wantedClock.equals(clock)) {
      others.add("the clock %s, not %s".formatted(clock, wantedClock));
    }
    for (RecordComponent setting : StreamEntitySettings.class.getRecordComponents()) {
      Object here = value(setting, settings);
      Object there = value(setting, wanted);
      if (!there.equals(here)) {
        others.add("%s %s, not %s".formatted(setting.getName(), here, there));
      }
    }
    if (!others.isEmpty()) {
      throw new IllegalStateException(
          ("this actor system hosts the streams of entity type '%s' already, with %s. A further EventStore shares the"
                  + " clock and the settings of the first, and may have a serializer and ids of its own: leave the rest out, or"
                  + " start a store with a keyspace of its own, with config(…)")
              .formatted(settings.entityType(), String.join("; with ", others)));
    }
  }

  private static Object value(RecordComponent setting, StreamEntitySettings of) {
    try {
      return setting.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static StreamSharding host(
      ActorSystem<?> system, StreamEntitySettings settings, InstantSource clock) {
    String provider = system.settings().config().getString("pekko.actor.provider");
    if (!provider.equals("cluster") && !provider.endsWith("ClusterActorRefProvider")) {
      throw new IllegalStateException(
          "pekko.actor.provider is '%s'; streams are sharded over a cluster: set it to 'cluster' (one node is enough)"
              .formatted(provider));
    }
    settings.contradiction(system.settings().config()).ifPresent(LOG::warn);
    StreamReader reader = new StreamReader(system, settings.store(), settings.readPageSize());
    ActorRef journal =
        Persistence.get(system.classicSystem())
            .journalFor(settings.journal(), ConfigFactory.empty());
    StreamEntity.Environment environment =
        new StreamEntity.Environment(settings, journal, reader, clock);
    EntityTypeKey<StreamCommand> typeKey =
        EntityTypeKey.create(StreamCommand.class, settings.entityType());
    ClusterSharding sharding = ClusterSharding.get(system);
    Entity<StreamCommand, ShardingEnvelope<StreamCommand>> entity =
        Entity.of(typeKey, context -> StreamEntity.create(context.getEntityId(), environment))
            .withStopMessage(StreamCommand.Stop.INSTANCE)
            .withSettings(shardingSettings(system, settings))
            .withMessageExtractor(new HashCodeMessageExtractor<>(settings.numberOfShards()));
    ActorRef region =
        Adapter.toClassic(
            sharding.init(settings.role().isEmpty() ? entity : entity.withRole(settings.role())));
    StreamAccess access = StreamAccess.to(region, system, settings);
    return new StreamSharding(settings, clock, sharding, typeKey, reader, access);
  }

  private static ClusterShardingSettings shardingSettings(
      ActorSystem<?> system, StreamEntitySettings settings) {
    PassivationStrategySettings passivation =
        settings.passivateAfter().isZero()
            ? PassivationStrategySettings$.MODULE$.disabled()
            : PassivationStrategySettings$.MODULE$
                .defaults()
                .withIdleEntityPassivation(settings.passivateAfter());
    return ClusterShardingSettings.create(system).withPassivationStrategy(passivation);
  }

  /** Tells when events of the streams that this node hosts are recorded. */
  public InstantSource clock() {
    return clock;
  }

  /** The stream, wherever it lives. */
  public EntityRef<StreamCommand> entityRef(String streamId) {
    return sharding.entityRefFor(typeKey, streamId);
  }

  /** Reads events of streams from storage, on this node. */
  public StreamReader reader() {
    return reader;
  }

  StreamAccess access() {
    return access;
  }
}
