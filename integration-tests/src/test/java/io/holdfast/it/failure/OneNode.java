// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import com.datastax.oss.driver.api.core.config.DriverOption;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistanceEvaluator;
import com.datastax.oss.driver.api.core.metadata.Node;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Lets a driver use one node of a cluster, which coordinates all requests and is one of the
 * replicas.
 */
public final class OneNode implements NodeDistanceEvaluator {
  private static final DriverOption ONLY = () -> "holdfast-test.only-node";

  private final String only;

  /** Called by the driver. */
  public OneNode(DriverContext context, String profileName) {
    this.only = context.getConfig().getDefaultProfile().getString(ONLY);
  }

  /** The settings of a system that uses that node and no other. */
  static String settings(InetSocketAddress node, String datacenter) {
    String address = node.getAddress().getHostAddress() + ":" + node.getPort();
    return """
        datastax-java-driver {
          holdfast-test.only-node = "%s"
          basic {
            contact-points = ["%s"]
            load-balancing-policy { local-datacenter = "%s", evaluator.class = "%s" }
            request.timeout = 60 s
          }
          advanced.metadata.schema.request-timeout = 60 s
          profiles.holdfast.basic.request.timeout = 60 s
        }
        """
        .formatted(address, address, datacenter, OneNode.class.getName());
  }

  @Override
  public @Nullable NodeDistance evaluateDistance(Node node, @Nullable String localDatacenter) {
    return node.getEndPoint().resolve().toString().endsWith(only) ? null : NodeDistance.IGNORED;
  }
}
