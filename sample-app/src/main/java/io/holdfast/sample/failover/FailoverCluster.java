// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The nodes, each a process of its own. */
interface FailoverCluster extends AutoCloseable {
  /** Where each node serves HTTP. */
  List<URI> addresses();

  /** Ends a node's process with SIGKILL. */
  void kill(int node);

  /** Stops a node's process with SIGSTOP. */
  void freeze(int node) throws IOException, InterruptedException;

  /** Lets a frozen process go on, with SIGCONT. */
  void thaw(int node) throws IOException, InterruptedException;

  boolean isAlive(int node);

  /** Starts the nodes anew whose processes have ended, and waits until all are members. */
  void restartEnded() throws IOException, InterruptedException, TimeoutException;

  @Override
  void close();
}
