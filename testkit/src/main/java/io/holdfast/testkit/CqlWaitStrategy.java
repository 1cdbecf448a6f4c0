// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.testcontainers.cassandra.CassandraContainer;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/**
 * Waits until a container answers a CQL query from outside, on the port that the tests will use.
 * That says more than its log or a query inside of it, and needs no {@code cqlsh} in the image.
 */
final class CqlWaitStrategy extends AbstractWaitStrategy {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 200;

  private final CassandraContainer container;

  CqlWaitStrategy(CassandraContainer container) {
    this.container = container;
    withStartupTimeout(TIMEOUT);
  }

  @Override
  protected void waitUntilReady() {
    InetSocketAddress address = ContainerNode.addressOf(container);
    long deadline = System.nanoTime() + startupTimeout.toNanos();
    DriverException last = null;
    do {
      if (CqlPort.answers(address)) {
        try (CqlSession session = Sessions.open(address, container.getLocalDatacenter())) {
          session.execute("SELECT release_version FROM system.local");
          return;
        } catch (DriverException notYet) {
          last = notYet;
        }
      }
      if (!container.isRunning()) {
        throw new ContainerLaunchException("The container ended before Cassandra was ready", last);
      }
      pause(last);
    } while (System.nanoTime() < deadline);
    throw new ContainerLaunchException(
        "No answer to CQL at " + address + " within " + startupTimeout, last);
  }

  private static void pause(@Nullable Throwable last) {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerLaunchException("Interrupted while waiting for Cassandra", last);
    }
  }
}
