// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.typesafe.config.Config;
import io.holdfast.eventstore.protocol.StreamCommand;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Which shard a stream is in, and which node has which shards. */
final class Shards {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ActorSystem<?> system;
  private final EntityTypeKey<StreamCommand> typeKey;
  private final HashCodeMessageExtractor<StreamCommand> extractor;
  private final int total;

  Shards(ActorSystem<?> system) {
    Config config = system.settings().config().getConfig("holdfast.event-store");
    this.system = system;
    this.typeKey = EntityTypeKey.create(StreamCommand.class, config.getString("entity-type"));
    this.total = config.getInt("number-of-shards");
    this.extractor = new HashCodeMessageExtractor<>(total);
  }

  /** How many there are. */
  int total() {
    return total;
  }

  String shardOf(String streamId) {
    return extractor.shardId(streamId);
  }

  /** The shards that have been in use, by node; a node that does not answer has none. */
  CompletionStage<Map<Address, Set<String>>> byNode() {
    return AskPattern.<org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery, ClusterShardingStats>ask(
            ClusterSharding.get(system).shardState(),
            replyTo -> new GetClusterShardingStats(typeKey, TIMEOUT, replyTo),
            TIMEOUT.multipliedBy(2),
            system.scheduler())
        .thenApply(
            stats -> {
              Map<Address, Set<String>> byNode = new HashMap<>();
              stats
                  .getRegions()
                  .forEach((node, region) -> byNode.put(node, region.getStats().keySet()));
              return byNode;
            });
  }
}
