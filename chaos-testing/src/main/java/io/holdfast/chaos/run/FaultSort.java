// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

/** What is broken, each sort independently of the others. */
public enum FaultSort {
  /** Kills, freezes, restarts and clocks of applications. */
  APPLICATIONS,
  /** Kills, freezes and restarts of Cassandra nodes. */
  REPLICAS,
  /** Links that are cut or slow. */
  LINKS
}
