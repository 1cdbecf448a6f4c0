// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.List;

/**
 * Where a Cassandra is.
 *
 * @param processes the ids of its processes, to say what they use of the processors
 */
record Contact(String host, int port, String datacenter, List<Long> processes) {
  Contact {
    processes = List.copyOf(processes);
  }

  /** The settings of the driver that say so. */
  String driverSettings() {
    return """
        datastax-java-driver.basic {
          contact-points = ["%s:%d"]
          load-balancing-policy.local-datacenter = "%s"
        }
        """
        .formatted(host, port, datacenter);
  }
}
