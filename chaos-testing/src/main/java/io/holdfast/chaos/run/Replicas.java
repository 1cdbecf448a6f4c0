// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.embedded.CommitLogSync;
import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.embedded.EmbeddedCassandraCluster;
import java.net.InetSocketAddress;
import java.util.List;

/** The Cassandra nodes of a run, each with a replica of everything. */
final class Replicas implements AutoCloseable {
  private final EmbeddedCassandraCluster cluster;

  private Replicas(EmbeddedCassandraCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts them.
   *
   * @param sync what a killed node has acknowledged must be there again: Holdfast rests on that
   */
  static Replicas start(int count, String heap, CommitLogSync sync) {
    return new Replicas(
        EmbeddedCassandraCluster.builder()
            .nodes(count)
            .baseAddress("127.0.0.81")
            .heap(heap)
            .commitLogSync(sync)
            .start());
  }

  int count() {
    return cluster.nodes().size();
  }

  /** The node with that place, from 0. */
  EmbeddedCassandra node(int index) {
    return cluster.node(index);
  }

  /** How the node with that place is called in a history. */
  static String name(int index) {
    return "cassandra-" + (index + 1);
  }

  /** Where the nodes listen for CQL. */
  List<InetSocketAddress> contactPoints() {
    return cluster.contactPoints();
  }

  /** The settings that all applications need, but for where the nodes are. */
  String settings() {
    return """
        holdfast.cassandra.schema.replication."%s" = %d
        datastax-java-driver.basic.load-balancing-policy.local-datacenter = "%s"
        """
        .formatted(cluster.datacenter(), count(), cluster.datacenter());
  }

  @Override
  public void close() {
    cluster.close();
  }
}
