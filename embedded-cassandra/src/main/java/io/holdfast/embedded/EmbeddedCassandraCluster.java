// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Some nodes on neighbouring loopback addresses that form one cluster, with one data center.
 *
 * <p>Thread-safe, and blocking like its nodes. Each node may be stopped, killed, paused and
 * restarted by itself; {@link #awaitAllUp} then tells when all see each other again.
 */
public final class EmbeddedCassandraCluster implements AutoCloseable {

  private static final long POLL_MILLIS = 200;

  private final List<EmbeddedCassandra> nodes;

  EmbeddedCassandraCluster(List<EmbeddedCassandra> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** Describes a cluster that is to be started. */
  public static EmbeddedCassandraClusterBuilder builder() {
    return new EmbeddedCassandraClusterBuilder();
  }

  /** The nodes, in the order of their addresses. */
  public List<EmbeddedCassandra> nodes() {
    return nodes;
  }

  /** The node with that place, from 0. */
  public EmbeddedCassandra node(int index) {
    return nodes.get(index);
  }

  /** Where the nodes listen for CQL, in the order of their addresses. */
  public List<InetSocketAddress> contactPoints() {
    return nodes.stream().map(EmbeddedCassandra::contactPoint).toList();
  }

  /** The local data center that a driver has to be told. */
  public String datacenter() {
    return nodes.get(0).datacenter();
  }

  /**
   * Blocks until every node reaches every other: a query that all replicas must answer succeeds
   * from each of them.
   *
   * @throws EmbeddedCassandraException if that takes longer than the timeout
   */
  public void awaitAllUp(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (EmbeddedCassandra node : nodes) {
      while (!node.reachesAllNodes()) {
        if (System.nanoTime() > deadline) {
          throw new EmbeddedCassandraException(
              Reason.TIMEOUT,
              node
                  + " does not reach all nodes within "
                  + timeout
                  + ". Is one stopped or paused? See the log "
                  + node.logFile());
        }
        pause(node);
      }
    }
  }

  private static void pause(EmbeddedCassandra node) {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedCassandraException(
          Reason.INTERRUPTED, "Interrupted while waiting for the neighbours of " + node, e);
    }
  }

  /** Closes all nodes. */
  @Override
  public void close() {
    nodes.parallelStream().forEach(EmbeddedCassandra::close);
  }
}
