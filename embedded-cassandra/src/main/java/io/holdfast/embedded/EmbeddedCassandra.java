// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Cassandra node in a child JVM.
 *
 * <p>Thread-safe. All methods that change the node's state block until it has changed. {@link
 * #stop}, {@link #restart} and {@link #close} exclude each other; {@link #kill}, {@link #pause} and
 * {@link #resume} take effect at once, whatever else is going on, so that a test can disturb a node
 * at any moment.
 *
 * <p>The node ends with this JVM: at its normal end through a shutdown hook, and if it is killed
 * because the node notices (on Linux a paused node too).
 */
public final class EmbeddedCassandra implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedCassandra.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final NodeLauncher launcher;
  private final ReentrantLock lifecycle = new ReentrantLock();
  private volatile @Nullable NodeProcess process;
  private volatile boolean closed;

  private EmbeddedCassandra(NodeLauncher launcher) {
    this.launcher = launcher;
  }

  /** Describes a node that is to be started. */
  public static EmbeddedCassandraBuilder builder() {
    return new EmbeddedCassandraBuilder();
  }

  static EmbeddedCassandra start(NodeSettings settings) {
    NodeLauncher launcher = NodeLauncher.prepare(settings);
    EmbeddedCassandra node = new EmbeddedCassandra(launcher);
    LiveNodes.add(node);
    try {
      node.launch();
      return node;
    } catch (RuntimeException | Error e) {
      node.close();
      throw e;
    }
  }

  /** Where the node listens for CQL; the same after a restart. */
  public InetSocketAddress contactPoint() {
    return launcher.contactPoint();
  }

  /** The local data center that a driver has to be told. */
  public String datacenter() {
    return launcher.settings().datacenter();
  }

  /**
   * The id of the node's process; another one after a restart.
   *
   * @throws EmbeddedCassandraException if the node does not run
   */
  public long pid() {
    return running().pid();
  }

  /** Whether the node's process lives; a paused one does. */
  public boolean isRunning() {
    NodeProcess current = process;
    return current != null && current.isAlive();
  }

  /** The folder with the node's data, configuration and logs. */
  public Path dataFolder() {
    return launcher.folder().path();
  }

  /** Cassandra's log. */
  public Path logFile() {
    return launcher.folder().log();
  }

  /**
   * Ends the node in an orderly way: it flushes its tables and takes leave of its cluster. A paused
   * node is resumed for it, and one that does not end within a minute is killed. Does nothing if
   * the node does not run.
   */
  public void stop() {
    lifecycle.lock();
    try {
      NodeProcess current = process;
      if (current == null || !current.isAlive()) {
        return;
      }
      current.resume();
      current.requestStop();
      if (!current.awaitExit(STOP_TIMEOUT)) {
        log.warn("{} did not end within {}; killing it", this, STOP_TIMEOUT);
        current.kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new EmbeddedCassandraException(
          Reason.INTERRUPTED, "Interrupted while stopping " + this + "; it was killed", e);
    } finally {
      lifecycle.unlock();
    }
  }

  /** Ends the node as {@code kill -9} does. Does nothing if the node does not run. */
  public void kill() {
    NodeProcess current = process;
    if (current != null) {
      current.kill();
    }
  }

  /**
   * Freezes the node (SIGSTOP): its connections stay open and nobody answers.
   *
   * @throws EmbeddedCassandraException if the node does not run
   */
  public void pause() {
    running().pause();
  }

  /**
   * Lets a frozen node go on (SIGCONT); no effect on one that is not frozen.
   *
   * @throws EmbeddedCassandraException if the node does not run
   */
  public void resume() {
    running().resume();
  }

  /**
   * Starts the node again after {@link #stop}, {@link #kill} or a death of its own, with the same
   * data, address and ports, and blocks until it answers a CQL query. Stops it first if it runs.
   *
   * @throws EmbeddedCassandraException if the node is closed, {@linkplain
   *     EmbeddedCassandraBuilder#disposable disposable} or could not be started
   */
  public void restart() {
    if (launcher.settings().disposable()) {
      throw new EmbeddedCassandraException(
          Reason.WRONG_STATE,
          this + " is disposable, and cannot start again; build it without disposable()");
    }
    lifecycle.lock();
    try {
      stop();
      launch();
    } finally {
      lifecycle.unlock();
    }
  }

  /**
   * Ends the node and gives up its data folder. A node in a temporary folder is killed and the
   * folder deleted; one in a chosen folder is stopped as {@link #stop} does. Further calls do
   * nothing.
   */
  @Override
  public void close() {
    closed = true;
    if (launcher.folder().isTemporary() || lifecycle.isLocked()) {
      kill(); // So that a start that is under way fails now, not after minutes.
    }
    lifecycle.lock();
    try {
      stop();
    } finally {
      kill();
      launcher.close();
      LiveNodes.remove(this);
      lifecycle.unlock();
    }
  }

  @Override
  public String toString() {
    return "EmbeddedCassandra(" + contactPoint() + ", " + dataFolder() + ")";
  }

  boolean reachesAllNodes() {
    return launcher.probe().reachesAllNodes();
  }

  private void launch() {
    lifecycle.lock();
    try {
      if (closed) {
        throw new EmbeddedCassandraException(Reason.WRONG_STATE, this + " is closed");
      }
      NodeProcess started = launcher.launch();
      process = started;
      if (closed) {
        started.kill();
      }
      launcher.awaitAnswer(started);
      started.onDeath(status -> log.error(launcher.describeDeath(status)));
    } finally {
      lifecycle.unlock();
    }
  }

  private NodeProcess running() {
    NodeProcess current = process;
    if (current == null || !current.isAlive()) {
      throw new EmbeddedCassandraException(
          Reason.WRONG_STATE, this + " does not run; restart() starts it again");
    }
    return current;
  }
}
