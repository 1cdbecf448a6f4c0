// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.entity;

import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.query.StreamReader;
import java.time.InstantSource;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts streams on this node of the cluster, and reaches those of all nodes. Start it on every
 * node; a node without the configured role hosts none and reaches all. Thread-safe.
 */
public final class StreamSharding {
  private static final Logger LOG = LoggerFactory.getLogger(StreamSharding.class);

  private final ClusterSharding sharding;
  private final EntityTypeKey<StreamCommand> typeKey;
  private final StreamReader reader;
  private final StreamAccess access;

  private StreamSharding(
      ClusterSharding sharding,
      EntityTypeKey<StreamCommand> typeKey,
      StreamReader reader,
      StreamAccess access) {
    this.sharding = sharding;
    this.typeKey = typeKey;
    this.reader = reader;
    this.access = access;
  }

  /**
   * Starts hosting. Starting again with the same entity type changes nothing: the first call's
   * settings and clock stay.
   *
   * @param clock tells when events are recorded
   * @throws IllegalStateException if the actor system is not configured for a cluster
   */
  public static StreamSharding start(
      ActorSystem<?> system, StreamEntitySettings settings, InstantSource clock) {
    String provider = system.settings().config().getString("pekko.actor.provider");
    if (!provider.equals("cluster") && !provider.endsWith("ClusterActorRefProvider")) {
      throw new IllegalStateException(
          "pekko.actor.provider is '%s'; streams are sharded over a cluster: set it to 'cluster' (one node is enough)"
              .formatted(provider));
    }
    settings.contradiction(system.settings().config()).ifPresent(LOG::warn);
    StreamReader reader = new StreamReader(system, settings.readPageSize());
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
    StreamAccess access = StreamAccess.to(region, system, settings.role());
    return new StreamSharding(sharding, typeKey, reader, access);
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
