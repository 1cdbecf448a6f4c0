// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.eventstore.EventStore;
import io.holdfast.sample.common.Json;
import io.holdfast.sample.common.Stages;
import io.holdfast.serialization.JsonEventSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Pekko cluster of several nodes in this JVM. They are actor systems of their own and talk to
 * each other over TCP, as they would on several machines.
 */
final class DemoCluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DemoCluster.class);
  private static final String NAME = "holdfast-demo";
  private static final Duration UP_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STORE_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final List<Node> nodes = new ArrayList<>();

  private record Node(ActorSystem<Void> system, EventStore store) {
    Address address() {
      return Cluster.get(system).selfMember().address();
    }
  }

  private DemoCluster() {}

  /**
   * Starts the nodes and waits until all are up.
   *
   * @param config of every node: where Cassandra is, and the keyspace
   */
  static DemoCluster start(Config config, int size) throws TimeoutException, InterruptedException {
    Config all =
        ConfigFactory.parseMap(Map.of("pekko.cluster.min-nr-of-members", size))
            .withFallback(config);
    DemoCluster cluster = new DemoCluster();
    try {
      for (int i = 0; i < size; i++) {
        cluster.nodes.add(startNode(all));
      }
      cluster.join();
      return cluster;
    } catch (RuntimeException | TimeoutException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private static Node startNode(Config config) {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), NAME, config);
    try {
      JsonEventSerializer serializer = JsonEventSerializer.builder().mapper(Json.MAPPER).build();
      return new Node(system, EventStore.builder(system).serializer(serializer).start());
    } catch (RuntimeException e) {
      system.terminate();
      throw e;
    }
  }

  private void join() throws TimeoutException, InterruptedException {
    List<Address> seed = List.of(nodes.get(0).address());
    List<CompletableFuture<Void>> up = new ArrayList<>();
    for (Node node : nodes) {
      CompletableFuture<Void> nodeUp = new CompletableFuture<>();
      up.add(nodeUp);
      org.apache.pekko.cluster.Cluster.get(node.system().classicSystem())
          .registerOnMemberUp(() -> nodeUp.complete(null));
      Cluster.get(node.system()).manager().tell(new JoinSeedNodes(seed));
    }
    Stages.await(CompletableFuture.allOf(up.toArray(CompletableFuture<?>[]::new)), UP_TIMEOUT);
  }

  /** Waits until an append could succeed on every node. */
  void awaitStores() throws TimeoutException, InterruptedException {
    for (Node node : nodes) {
      Stages.await(node.store().ready(), STORE_TIMEOUT);
    }
  }

  int size() {
    return nodes.size();
  }

  /** The port of every node. */
  List<Integer> ports() {
    return nodes.stream().map(node -> node.address().getPort().orElse(0)).toList();
  }

  /** The event store of one node; the index may be any, they go round. */
  EventStore store(long index) {
    return nodes.get(Math.floorMod(index, nodes.size())).store();
  }

  /** The actor system to run streams on. */
  ActorSystem<?> system() {
    return nodes.get(0).system();
  }

  /** Lets the nodes leave the cluster, and ends them. */
  @Override
  public void close() {
    // The oldest leaves last: it has the singletons, which would only move on to a node that
    // leaves, too.
    List<Node> youngestFirst = new ArrayList<>(nodes);
    Collections.reverse(youngestFirst);
    try {
      for (Node node : youngestFirst) {
        node.system().terminate();
        CompletionStage<Done> terminated = node.system().getWhenTerminated();
        Stages.await(terminated, CLOSE_TIMEOUT);
      }
    } catch (TimeoutException e) {
      log.warn("A node did not end within {}", CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
