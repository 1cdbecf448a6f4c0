// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Starts the nodes of a cluster: the first alone, because the others find the cluster through it,
 * and then a few at a time, as each keeps little more than one core busy.
 */
final class ClusterStart {

  private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
  private static final long ABANDON_TIMEOUT_SECONDS = 60;

  private final ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
  private final Queue<EmbeddedCassandra> started = new ConcurrentLinkedQueue<>();

  private ClusterStart() {}

  /** All nodes, in order; or an exception, and none is left running. */
  static List<EmbeddedCassandra> run(List<NodeSettings> settings) {
    ClusterStart start = new ClusterStart();
    try {
      return start.all(settings);
    } catch (InterruptedException e) {
      start.abandon();
      Thread.currentThread().interrupt();
      throw new EmbeddedCassandraException(
          Reason.INTERRUPTED, "Interrupted while starting a cluster", e);
    } catch (ExecutionException e) {
      start.abandon();
      Reason reason =
          e.getCause() instanceof EmbeddedCassandraException cause
              ? cause.reason()
              : Reason.NODE_DIED;
      throw new EmbeddedCassandraException(
          reason, "A node of the cluster did not start: " + e.getCause(), e);
    } finally {
      start.executor.shutdown();
    }
  }

  private List<EmbeddedCassandra> all(List<NodeSettings> settings)
      throws InterruptedException, ExecutionException {
    List<EmbeddedCassandra> nodes = new ArrayList<>();
    // A node's own start timeout bounds each wait.
    nodes.add(submit(settings.get(0)).get());
    List<Future<EmbeddedCassandra>> others = settings.stream().skip(1).map(this::submit).toList();
    for (Future<EmbeddedCassandra> other : others) {
      nodes.add(other.get());
    }
    return nodes;
  }

  private Future<EmbeddedCassandra> submit(NodeSettings settings) {
    return executor.submit(
        () -> {
          EmbeddedCassandra node = EmbeddedCassandra.start(settings);
          started.add(node);
          return node;
        });
  }

  /** Interrupts the starts under way, which clean up behind themselves, and closes the others. */
  private void abandon() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(ABANDON_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    started.forEach(EmbeddedCassandra::close);
  }
}
