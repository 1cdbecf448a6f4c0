// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.test.Patience;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Which streams live on a node. */
final class HostedStreams {
  private HostedStreams() {}

  static CompletionStage<List<String>> of(ActorSystem<?> system) {
    EntityTypeKey<StreamCommand> type =
        EntityTypeKey.create(
            StreamCommand.class,
            system.settings().config().getString("holdfast.event-store.entity-type"));
    CompletionStage<CurrentShardRegionState> state =
        AskPattern.ask(
            ClusterSharding.get(system).shardState(),
            replyTo -> new GetShardRegionState(type, replyTo),
            Patience.LIMIT,
            system.scheduler());
    return state.thenApply(
        region ->
            region.getShards().stream().flatMap(shard -> shard.getEntityIds().stream()).toList());
  }
}
