// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Leave;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops nodes, to show what becomes of their streams. */
final class NodeStopper {
  private static final Logger LOG = LoggerFactory.getLogger(NodeStopper.class);
  private static final Duration FOR_THE_ANSWER = Duration.ofMillis(200);
  private static final int KILLED = 137;

  private final ActorSystem<?> system;
  private final Peers peers;

  NodeStopper(ActorSystem<?> system, Peers peers) {
    this.system = system;
    this.peers = peers;
  }

  /**
   * Stops a member.
   *
   * @param kill whether its process ends at once, as by {@code kill -9}; else it leaves
   */
  CompletionStage<Done> stop(String address, boolean kill, HttpRequest request) {
    Member member = peers.member(address);
    if (!kill) {
      Cluster.get(system).manager().tell(new Leave(member.address()));
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    return peers.isThis(member) ? killThis() : forward(member, request);
  }

  private CompletionStage<Done> killThis() {
    LOG.warn("This process ends at once, as the API was asked for");
    system
        .scheduler()
        .scheduleOnce(
            FOR_THE_ANSWER, () -> Runtime.getRuntime().halt(KILLED), system.executionContext());
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private CompletionStage<Done> forward(Member member, HttpRequest request) {
    ObjectNode body = ApiJson.MAPPER.createObjectNode().put("how", "kill");
    return peers
        .ask(
            member,
            node ->
                HttpRequest.POST(node + request.getUri().path())
                    .withEntity(ContentTypes.APPLICATION_JSON, ApiJson.write(body)))
        .thenApply(
            response -> {
              if (response.status().intValue() != 202) {
                throw Problem.of(502, "node", "that node answered " + response.status());
              }
              return Done.getInstance();
            });
  }
}
