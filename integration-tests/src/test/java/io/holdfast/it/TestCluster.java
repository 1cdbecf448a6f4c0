// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.EventStoreBuilder;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** Nodes of one real cluster in this JVM, each with an event store, on one keyspace. */
public final class TestCluster implements AutoCloseable {
  /** One node. */
  public record Node(ActorSystem<Void> system, EventStore store) {
    /** Leaves the cluster in good order, handing its streams over, and ends. */
    public void leave() {
      system.terminate();
      try {
        Patience.get(system.getWhenTerminated());
      } catch (Exception e) {
        throw new IllegalStateException("the actor system did not end", e);
      }
    }
  }

  private final CassandraExtension cassandra;
  private final String keyspace;
  private final String settings;
  private final UnaryOperator<EventStoreBuilder> builder;
  private final Setup[] setups;
  private final List<Node> nodes = new ArrayList<>();

  private TestCluster(
      CassandraExtension cassandra,
      String keyspace,
      String settings,
      UnaryOperator<EventStoreBuilder> builder,
      Setup... setups) {
    this.cassandra = cassandra;
    this.keyspace = keyspace;
    this.settings = settings;
    this.builder = builder;
    this.setups = setups;
  }

  public static TestCluster start(
      CassandraExtension cassandra,
      String keyspace,
      int nodes,
      String settings,
      UnaryOperator<EventStoreBuilder> builder) {
    return new TestCluster(cassandra, keyspace, settings, builder).withNodes(nodes);
  }

  private TestCluster withNodes(int count) {
    for (int i = 0; i < count; i++) {
      addNode();
    }
    return this;
  }

  public static TestCluster start(
      CassandraExtension cassandra, String keyspace, int nodes, String settings) {
    return start(cassandra, keyspace, nodes, settings, UnaryOperator.identity());
  }

  /** One node, whose actor system gets more than its configuration. */
  public static TestCluster start(
      CassandraExtension cassandra, String keyspace, String settings, Setup... setups) {
    return new TestCluster(cassandra, keyspace, settings, UnaryOperator.identity(), setups)
        .withNodes(1);
  }

  /** Starts one more node and waits until it is up. */
  public Node addNode() {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "test",
            ActorSystemSetup.create(setups)
                .and(BootstrapSetup.create(TestConfig.node(cassandra, keyspace, settings))));
    Cluster cluster = Cluster.get(system);
    Cluster contact = nodes.isEmpty() ? cluster : Cluster.get(nodes.get(0).system());
    cluster.manager().tell(Join.create(contact.selfMember().address()));
    await().until(() -> cluster.selfMember().status() == MemberStatus.up());
    Node node = new Node(system, builder.apply(EventStore.builder(system)).start());
    nodes.add(node);
    return node;
  }

  public Node node(int index) {
    return nodes.get(index);
  }

  public EventStore store(int index) {
    return nodes.get(index).store();
  }

  /** Takes a node out of the cluster in good order. */
  public void leave(Node node) {
    nodes.remove(node);
    node.leave();
  }

  @Override
  public void close() {
    // One after the other: members that leave at once wait for each other until that times out.
    while (!nodes.isEmpty()) {
      nodes.remove(nodes.size() - 1).leave();
    }
  }
}
