// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import com.typesafe.config.Config;
import io.holdfast.eventstore.EventStore;
import io.holdfast.sample.common.Json;
import io.holdfast.sample.common.Stages;
import io.holdfast.sample.http.Api;
import io.holdfast.sample.http.HttpSettings;
import io.holdfast.serialization.JsonEventSerializer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;

/**
 * A node: an actor system that is a member of a cluster, an event store that hosts streams, and the
 * HTTP API. It ends as its actor system does.
 */
public final class Node {
  /** All nodes of a cluster must have the same. */
  static final String SYSTEM_NAME = "holdfast";

  private static final Duration BIND_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(3);

  private final ActorSystem<Void> system;
  private final EventStore store;
  private final URI httpAddress;
  private final String managementAddress;

  private Node(
      ActorSystem<Void> system, EventStore store, URI httpAddress, String managementAddress) {
    this.system = system;
    this.store = store;
    this.httpAddress = httpAddress;
    this.managementAddress = managementAddress;
  }

  /** Starts a node, which begins to join; it serves HTTP at once. */
  static Node start(Config config) throws TimeoutException, InterruptedException {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), SYSTEM_NAME, config);
    try {
      return start(system, config);
    } catch (RuntimeException | TimeoutException | InterruptedException e) {
      system.terminate();
      throw e;
    }
  }

  private static Node start(ActorSystem<Void> system, Config config)
      throws TimeoutException, InterruptedException {
    EventStore store =
        EventStore.builder(system)
            .serializer(JsonEventSerializer.builder().mapper(Json.MAPPER).build())
            .start();
    PekkoManagement management = PekkoManagement.get(system);
    String managementAddress =
        Stages.await(management.start(), BIND_TIMEOUT).toString().replaceAll("/$", "");
    if (config.getBoolean("holdfast.sample.cluster-bootstrap")) {
      ClusterBootstrap.get(system).start();
    }
    HttpSettings settings = HttpSettings.of(config);
    NodeDirectory directory = new NodeDirectory(system);
    ServerBinding binding =
        Stages.await(
            Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .bind(Api.create(system, store, directory, settings)),
            BIND_TIMEOUT);
    binding.addToCoordinatedShutdown(LAST_REQUESTS, system.classicSystem());
    URI address = settings.address(binding.localAddress());
    directory.publish(address);
    return new Node(system, store, address, managementAddress);
  }

  /**
   * Waits until the node is a member of its cluster, and an append could succeed. Does not insist
   * on the latter: a Cassandra that is not there may come, and the log says that it is not.
   */
  void awaitUp(Duration timeout) throws TimeoutException, InterruptedException {
    CompletableFuture<Void> up = new CompletableFuture<>();
    Cluster.get(system.classicSystem()).registerOnMemberUp(() -> up.complete(null));
    Stages.await(up, timeout);
    Stages.await(store.ready().exceptionally(notReady -> null), timeout);
  }

  ActorSystem<Void> system() {
    return system;
  }

  String address() {
    return Cluster.get(system.classicSystem()).selfAddress().toString();
  }

  URI httpAddress() {
    return httpAddress;
  }

  String managementAddress() {
    return managementAddress;
  }
}
