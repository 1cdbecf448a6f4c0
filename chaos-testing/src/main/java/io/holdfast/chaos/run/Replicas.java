// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.embedded.EmbeddedCassandraCluster;
import java.util.List;
import java.util.stream.Collectors;

/** The Cassandra nodes of a run, each with a replica of everything. */
final class Replicas implements AutoCloseable {
  static final int COUNT = 3;

  private final EmbeddedCassandraCluster cluster;

  private Replicas(EmbeddedCassandraCluster cluster) {
    this.cluster = cluster;
  }

  static Replicas start(String heap) {
    return new Replicas(
        EmbeddedCassandraCluster.builder()
            .nodes(COUNT)
            .baseAddress("127.0.0.81")
            .heap(heap)
            .start());
  }

  List<EmbeddedCassandra> nodes() {
    return cluster.nodes();
  }

  /** The settings of applications that use all nodes. */
  String settings() {
    String contactPoints =
        cluster.contactPoints().stream()
            .map(node -> "\"%s:%d\"".formatted(node.getAddress().getHostAddress(), node.getPort()))
            .collect(Collectors.joining(", "));
    return """
        holdfast.cassandra.schema.replication."%s" = %d
        datastax-java-driver.basic {
          contact-points = [%s]
          load-balancing-policy.local-datacenter = "%s"
        }
        """
        .formatted(cluster.datacenter(), COUNT, contactPoints, cluster.datacenter());
  }

  @Override
  public void close() {
    cluster.close();
  }
}
