// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import io.holdfast.embedded.EmbeddedCassandraCluster;
import java.util.stream.Collectors;

/** The settings of a driver that uses all nodes of a cluster. */
final class EveryNode {
  private EveryNode() {}

  static String settings(EmbeddedCassandraCluster cluster) {
    String contactPoints =
        cluster.contactPoints().stream()
            .map(node -> "\"%s:%d\"".formatted(node.getAddress().getHostAddress(), node.getPort()))
            .collect(Collectors.joining(", "));
    return """
        datastax-java-driver.basic {
          contact-points = [%s]
          load-balancing-policy.local-datacenter = "%s"
        }
        # A start beside a frozen node waits for it twice, which must be over before connect.timeout is.
        datastax-java-driver.advanced.connection { connect-timeout = 20 s, init-query-timeout = 20 s }
        """
        .formatted(contactPoints, cluster.datacenter());
  }
}
