// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.typesafe.config.Config;
import io.holdfast.eventstore.protocol.StreamCommand;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Which shard a stream is in, and which node has which shards. Thread-safe. */
final class Shards {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ActorSystem<?> system;
  private final EntityTypeKey<StreamCommand> typeKey;
  private final HashCodeMessageExtractor<StreamCommand> extractor;
  private final int total;
  private volatile Map<Address, Set<String>> lastKnown = Map.of();

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

  /**
   * The shards that have been in use, by node. While one node does not answer, none of them can be
   * asked: what is answered then is what was known last.
   */
  CompletionStage<Map<Address, Set<String>>> byNode() {
    return AskPattern.<ClusterShardingQuery, ClusterShardingStats>ask(
            ClusterSharding.get(system).shardState(),
            replyTo -> new GetClusterShardingStats(typeKey, TIMEOUT, replyTo),
            TIMEOUT.multipliedBy(2),
            system.scheduler())
        .handle(
            (stats, failure) -> {
              if (stats != null && !stats.getRegions().isEmpty()) {
                lastKnown =
                    stats.getRegions().entrySet().stream()
                        .collect(
                            Collectors.toUnmodifiableMap(
                                Map.Entry::getKey,
                                region -> region.getValue().getStats().keySet()));
              }
              return lastKnown;
            });
  }
}
