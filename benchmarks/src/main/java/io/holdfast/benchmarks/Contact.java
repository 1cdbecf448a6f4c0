// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

/** Where a Cassandra is. */
record Contact(String host, int port, String datacenter) {
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
