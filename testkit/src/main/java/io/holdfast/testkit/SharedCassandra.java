// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one node of this JVM, from its first use to the end of the JVM. It outlives test plans, since
 * Surefire runs one for each class where it forks several JVMs. No shutdown hook here: embedded
 * nodes and Testcontainers have theirs.
 *
 * <p>Thread-safe: whoever comes while the node starts waits for it.
 */
final class SharedCassandra {

  static final SharedCassandra INSTANCE = new SharedCassandra(NodeStarter.create()::start);

  private final ReentrantLock lock = new ReentrantLock();
  private final Function<TestSettings, CassandraNode> starter;
  private @Nullable TestSettings settings;
  private @Nullable CassandraNode node;
  private @Nullable CqlSession session;
  private @Nullable RuntimeException failure;

  SharedCassandra(Function<TestSettings, CassandraNode> starter) {
    this.starter = starter;
  }

  /**
   * Sets what to start. Without it, the system properties count.
   *
   * @throws IllegalStateException if a node runs already that came from elsewhere
   */
  void configure(TestSettings chosen) {
    lock.lock();
    try {
      if (node != null
          && chosen.source() != CassandraSource.AUTO
          && chosen.source() != node.source()) {
        throw new IllegalStateException(
            CassandraSource.PROPERTY
                + " = "
                + chosen.source()
                + " comes too late: a static initialiser or an earlier test plan of this JVM has"
                + " started a node already (source: "
                + node.source()
                + "). Set it as a system property instead of a JUnit configuration parameter");
      }
      settings = chosen;
    } finally {
      lock.unlock();
    }
  }

  /** The node; starts it at first. */
  CassandraNode node() {
    lock.lock();
    try {
      if (failure != null) {
        throw new IllegalStateException(
            "The tests' Cassandra could not be started before: " + failure.getMessage(), failure);
      }
      if (node == null) {
        node = start();
      } else if (!node.isRunning()) {
        throw new IllegalStateException(
            "The tests' Cassandra at "
                + node.contactPoint()
                + " has died. Its log says why (of an embedded one, the end is in the test's log);"
                + " with some hundred keyspaces its heap of 1 GiB is full: drop those that no test"
                + " needs any more");
      }
      return node;
    } finally {
      lock.unlock();
    }
  }

  /** A session on the node; a new one if a test has closed the last. */
  CqlSession session() {
    lock.lock();
    try {
      CassandraNode running = node();
      if (session == null || session.isClosed()) {
        session = Sessions.open(running.contactPoint(), running.localDatacenter());
      }
      return session;
    } finally {
      lock.unlock();
    }
  }

  private CassandraNode start() {
    try {
      return starter.apply(settings == null ? TestSettings.fromSystemProperties() : settings);
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }
}
