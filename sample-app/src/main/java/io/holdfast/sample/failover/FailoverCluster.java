// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import io.holdfast.sample.cluster.LocalCluster;
import io.holdfast.sample.cluster.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The nodes, as processes that can be killed, frozen and started anew. */
final class FailoverCluster {
  private static final int SIGNAL_TIMEOUT_SECONDS = 10;

  private final LocalCluster cluster;
  private final List<URI> addresses;

  /**
   * @param addresses where each node serves HTTP
   */
  FailoverCluster(LocalCluster cluster, List<URI> addresses) {
    this.cluster = cluster;
    this.addresses = List.copyOf(addresses);
  }

  List<URI> addresses() {
    return addresses;
  }

  /** SIGKILL. */
  void kill(int node) {
    node(node).kill();
  }

  /** SIGSTOP. */
  void freeze(int node) throws IOException, InterruptedException {
    signal(node, "STOP");
  }

  /** SIGCONT. */
  void thaw(int node) throws IOException, InterruptedException {
    signal(node, "CONT");
  }

  private void signal(int node, String name) throws IOException, InterruptedException {
    String pid = Long.toString(node(node).pid());
    Process kill = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start();
    if (!kill.waitFor(SIGNAL_TIMEOUT_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IOException("could not send SIG%s to process %s".formatted(name, pid));
    }
  }

  boolean isAlive(int node) {
    return node(node).isAlive();
  }

  private NodeProcess node(int node) {
    return cluster.nodes().get(node);
  }

  /** Starts the nodes anew whose processes have ended, and waits until they are members. */
  void restartEnded() throws InterruptedException, TimeoutException {
    for (int node = 0; node < addresses.size(); node++) {
      if (!isAlive(node)) {
        cluster.restart(node);
      }
    }
    cluster.awaitReady();
  }
}
