// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.eventstore.EventStore;
import io.holdfast.serialization.EventSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/**
 * Nodes of one cluster that all host streams: actor systems of this JVM, which send each other
 * bytes over TCP as processes do.
 */
final class StoreCluster implements AutoCloseable {
  private static final String SETTINGS =
      """
      pekko {
        actor.provider = cluster
        remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
        cluster.jmx.multi-mbeans-in-same-jvm = on
        cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
      }
      """;
  private static final int MAX_POLLS = 600;

  private final List<WriterSystem> nodes = new ArrayList<>();
  private final List<EventStore> stores = new ArrayList<>();

  private StoreCluster() {}

  /** Returns when all nodes are members. */
  static StoreCluster start(Contact cassandra, String keyspace, int nodes, EventSerializer events)
      throws InterruptedException {
    StoreCluster cluster = new StoreCluster();
    for (int i = 0; i < nodes; i++) {
      cluster.nodes.add(HoldfastNode.start(cassandra, keyspace, SETTINGS));
      cluster.join(i);
    }
    cluster.nodes.forEach(
        node -> cluster.stores.add(EventStore.builder(node.system()).serializer(events).start()));
    return cluster;
  }

  private void join(int index) throws InterruptedException {
    Cluster node = Cluster.get(nodes.get(index).system());
    node.manager().tell(Join.create(Cluster.get(nodes.get(0).system()).selfMember().address()));
    for (int poll = 0; membersUp(node) <= index; poll++) {
      if (poll == MAX_POLLS) {
        throw new IllegalStateException("node %d is no member".formatted(index));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static long membersUp(Cluster node) {
    Iterable<Member> members = node.state().getMembers();
    return StreamSupport.stream(members.spliterator(), false)
        .filter(member -> member.status() == MemberStatus.up())
        .count();
  }

  /** The store of the node that load comes from. */
  EventStore store() {
    return stores.get(0);
  }

  ActorSystem<?> system() {
    return nodes.get(0).system();
  }

  Measurement.Recorder recorder(Duration window) {
    return nodes.get(0).recorder(window);
  }

  @Override
  public void close() {
    nodes.forEach(WriterSystem::close);
  }
}
