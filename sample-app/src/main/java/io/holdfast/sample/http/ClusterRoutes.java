// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.sample.cluster.NodeDirectory;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** The cluster, as this node sees it. */
final class ClusterRoutes extends Responder {
  private final Cluster cluster;
  private final NodeDirectory directory;
  private final Shards shards;
  private final Peers peers;
  private final NodeStopper stopper;
  private final Bodies bodies;
  private final AppendPlot plot;
  private final boolean demoMode;

  ClusterRoutes(
      ActorSystem<?> system,
      NodeDirectory directory,
      Bodies bodies,
      AppendPlot plot,
      HttpSettings settings) {
    this.cluster = Cluster.get(system);
    this.directory = directory;
    this.shards = new Shards(system);
    this.peers = new Peers(system, directory, settings);
    this.stopper = new NodeStopper(system, peers);
    this.bodies = bodies;
    this.plot = plot;
    this.demoMode = settings.demoMode();
  }

  /** What follows {@code /api/cluster}. */
  Route route() {
    return concat(
        pathEnd(() -> get(() -> answer(request -> state()))),
        path(
            PathMatchers.segment("streams").slash(PathMatchers.segment()),
            id -> get(() -> answer(request -> owner(id)))),
        path("metrics", () -> get(() -> answer(request -> ownMetrics()))),
        path(
            PathMatchers.segment("nodes").slash(PathMatchers.segment()).slash("metrics"),
            address -> get(() -> answer(request -> metrics(address)))),
        path(
            PathMatchers.segment("nodes").slash(PathMatchers.segment()).slash("stop"),
            address -> post(() -> answer(request -> stop(address, request)))));
  }

  private CompletionStage<HttpResponse> state() {
    return shards
        .byNode()
        .thenCombine(directory.entries(), (byNode, entries) -> Answers.ok(state(byNode, entries)));
  }

  private ObjectNode state(
      Map<Address, Set<String>> byNode, Map<String, NodeDirectory.Entry> entries) {
    CurrentClusterState state = cluster.state();
    ObjectNode json = ApiJson.MAPPER.createObjectNode();
    json.put("self", cluster.selfMember().address().toString());
    ArrayNode members = json.putArray("members");
    for (Member member : state.getMembers()) {
      members.add(member(member, state, byNode, entries.get(member.address().toString())));
    }
    json.putObject("shards")
        .put("total", shards.total())
        .put("regions", byNode.values().stream().filter(hosted -> !hosted.isEmpty()).count());
    return json.put("demoMode", demoMode);
  }

  private ObjectNode member(
      Member member,
      CurrentClusterState state,
      Map<Address, Set<String>> byNode,
      NodeDirectory.@Nullable Entry entry) {
    ObjectNode json = ApiJson.MAPPER.createObjectNode();
    json.put("address", member.address().toString());
    json.put("httpAddress", entry == null ? null : entry.httpAddress().toString());
    json.put("status", member.status().toString());
    json.put("reachable", !state.getUnreachable().contains(member));
    ArrayNode roles = json.putArray("roles");
    member.getRoles().forEach(roles::add);
    json.put("upSince", entry == null ? null : entry.since().toString());
    json.put("shards", byNode.getOrDefault(member.address(), Set.of()).size());
    json.put("self", member.equals(cluster.selfMember()));
    json.put("leader", member.address().equals(state.getLeader()));
    return json;
  }

  private CompletionStage<HttpResponse> owner(String id) {
    String shard = shards.shardOf(id);
    return shards
        .byNode()
        .thenApply(
            byNode -> {
              ObjectNode json = ApiJson.MAPPER.createObjectNode();
              json.put("streamId", id).put("shard", shard).putNull("node");
              byNode.forEach(
                  (node, hosted) -> {
                    if (hosted.contains(shard)) {
                      json.put("node", node.toString());
                    }
                  });
              return Answers.ok(json);
            });
  }

  private CompletionStage<HttpResponse> ownMetrics() {
    return CompletableFuture.completedFuture(Answers.ok(plot.json()));
  }

  /** Those of any member: a page may ask the node only that it came from. */
  private CompletionStage<HttpResponse> metrics(String address) {
    Member member = peers.member(address);
    return peers.isThis(member)
        ? ownMetrics()
        : peers.ask(member, node -> HttpRequest.GET(node + "/api/cluster/metrics"));
  }

  private CompletionStage<HttpResponse> stop(String address, HttpRequest request) {
    return bodies.withJson(
        request,
        body -> {
          if (!demoMode) {
            throw Problem.of(
                403, "no-demo", "nodes are stopped in demo mode only, as ./demo serve has it");
          }
          JsonNode how = ApiJson.read(body).path("how");
          if (!how.asText().equals("leave") && !how.asText().equals("kill")) {
            throw Problem.badRequest("how is neither \"leave\" nor \"kill\"").with("value", how);
          }
          return stopper
              .stop(address, how.asText().equals("kill"), request)
              .thenApply(
                  done ->
                      Answers.json(
                          202,
                          ApiJson.MAPPER
                              .createObjectNode()
                              .put("address", address)
                              .put("how", how.asText())));
        });
  }
}
