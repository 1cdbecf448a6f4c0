// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.sample.cluster.NodeDirectory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Leave;
import org.apache.pekko.http.javadsl.Http;
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
  private final Cluster cluster;
  private final NodeDirectory directory;
  private final HttpSettings settings;

  NodeStopper(ActorSystem<?> system, NodeDirectory directory, HttpSettings settings) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.directory = directory;
    this.settings = settings;
  }

  /**
   * Stops a member.
   *
   * @param kill whether its process ends at once, as by {@code kill -9}; else it leaves
   */
  CompletionStage<Done> stop(String address, boolean kill, HttpRequest request) {
    Member member =
        StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(candidate -> candidate.address().toString().equals(address))
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.notFound("no member has this address; GET /api/cluster lists them")
                        .with("value", address));
    if (!kill) {
      cluster.manager().tell(new Leave(member.address()));
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    return member.equals(cluster.selfMember()) ? killThis() : forward(address, request);
  }

  private CompletionStage<Done> killThis() {
    LOG.warn("This process ends at once, as the API was asked for");
    system
        .scheduler()
        .scheduleOnce(
            FOR_THE_ANSWER, () -> Runtime.getRuntime().halt(KILLED), system.executionContext());
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private CompletionStage<Done> forward(String address, HttpRequest request) {
    ObjectNode body = ApiJson.MAPPER.createObjectNode().put("how", "kill");
    return directory
        .entries()
        .thenCompose(
            entries -> {
              NodeDirectory.Entry entry = entries.get(address);
              if (entry == null) {
                throw Problem.of(503, "unavailable", "where that node serves HTTP is not known yet")
                    .with("value", address)
                    .retryAfter(1);
              }
              HttpRequest kill =
                  HttpRequest.POST(entry.httpAddress() + request.getUri().path())
                      .withEntity(ContentTypes.APPLICATION_JSON, ApiJson.write(body));
              return Http.get(system).singleRequest(Api.authorized(kill, settings.token()));
            })
        .thenApply(
            response -> {
              response.discardEntityBytes(system);
              if (response.status().intValue() != 202) {
                throw Problem.of(502, "node", "that node answered " + response.status());
              }
              return Done.getInstance();
            });
  }
}
