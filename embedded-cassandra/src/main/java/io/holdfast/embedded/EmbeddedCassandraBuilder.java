// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes a node and starts it. Every setting has a default that suits a test. Not thread-safe.
 */
public final class EmbeddedCassandraBuilder {

  static final Duration DEFAULT_START_TIMEOUT = Duration.ofMinutes(3);
  static final String DEFAULT_HEAP = "1g";

  private InetAddress address = NodeSettings.loopback("127.0.0.1");
  private int cqlPort;
  private int storagePort;
  private @Nullable Path dataFolder;
  private String clusterName = "holdfast";
  private String datacenter = "datacenter1";
  private @Nullable Path javaHome;
  private String heap = DEFAULT_HEAP;
  private Duration startTimeout = DEFAULT_START_TIMEOUT;
  private CommitLogSync commitLogSync = CommitLogSync.PERIODIC;
  private boolean disposable;

  private final Map<String, String> overrides = new HashMap<>();

  EmbeddedCassandraBuilder() {}

  /**
   * The address to bind to. Default: 127.0.0.1.
   *
   * @throws IllegalArgumentException if it is no IPv4 loopback address
   */
  public EmbeddedCassandraBuilder address(String loopbackAddress) {
    this.address = NodeSettings.loopback(loopbackAddress);
    return this;
  }

  /** The port for CQL. Default: 0, any free port; a data folder keeps its port if it can. */
  public EmbeddedCassandraBuilder cqlPort(int port) {
    this.cqlPort = port;
    return this;
  }

  /** The port for other nodes. Default: 0, any free port. */
  public EmbeddedCassandraBuilder storagePort(int port) {
    this.storagePort = port;
    return this;
  }

  /**
   * Where the node keeps its data, configuration and logs; created if missing, and kept at close,
   * so that a later node finds its data there. Default: a temporary folder, deleted at close.
   */
  public EmbeddedCassandraBuilder dataFolder(Path folder) {
    this.dataFolder = folder;
    return this;
  }

  /** The name of the cluster; a data folder must keep it. Default: {@code holdfast}. */
  public EmbeddedCassandraBuilder clusterName(String name) {
    this.clusterName = name;
    return this;
  }

  /** The data center; a data folder must keep it. Default: {@code datacenter1}. */
  public EmbeddedCassandraBuilder datacenter(String name) {
    this.datacenter = name;
    return this;
  }

  /**
   * The Java to run the node with, 17 or 11. Default: the system property {@code
   * holdfast.cassandra.java-home}, else the environment variable {@code
   * HOLDFAST_CASSANDRA_JAVA_HOME}, else the Java that runs this code.
   */
  public EmbeddedCassandraBuilder javaHome(Path home) {
    this.javaHome = home;
    return this;
  }

  /** The largest heap of the node, such as {@code 512m}, at least 256m. Default: {@code 1g}. */
  public EmbeddedCassandraBuilder heap(String size) {
    this.heap = size;
    return this;
  }

  /** How long to wait until the node answers. Default: three minutes, for slow machines. */
  public EmbeddedCassandraBuilder startTimeout(Duration timeout) {
    this.startTimeout = timeout;
    return this;
  }

  /** When a write is acknowledged. Default: {@link CommitLogSync#PERIODIC}. */
  public EmbeddedCassandraBuilder commitLogSync(CommitLogSync sync) {
    this.commitLogSync = sync;
    return this;
  }

  /**
   * Sets a setting of {@code cassandra.yaml}, such as {@code hinted_handoff_enabled}, in place of
   * what Holdfast chooses for small machines.
   *
   * @param value in YAML's form, on one line
   * @throws IllegalArgumentException at start, if the setting is an address, a port or a folder
   */
  public EmbeddedCassandraBuilder setting(String name, String value) {
    overrides.put(name, value);
    return this;
  }

  /**
   * Makes a node for tests that never start it again: {@link EmbeddedCassandra#restart} and a data
   * folder are refused. It starts with two thirds of the work, and creates keyspaces and tables
   * with a fifth of it: it does not write the schema to disk at each change, and compiles for a
   * short life. Not for measurements. Default: off.
   */
  public EmbeddedCassandraBuilder disposable() {
    this.disposable = true;
    return this;
  }

  /**
   * Starts the node and blocks until it answers a CQL query.
   *
   * @throws IllegalArgumentException if a setting is invalid
   * @throws EmbeddedCassandraException if the node could not be started
   */
  public EmbeddedCassandra start() {
    return EmbeddedCassandra.start(settings(address, Ring.single(address), dataFolder));
  }

  NodeSettings settings(InetAddress nodeAddress, Ring ring, @Nullable Path folder) {
    return new NodeSettings(
        nodeAddress,
        cqlPort,
        storagePort,
        folder,
        clusterName,
        datacenter,
        javaHome,
        heap,
        startTimeout,
        commitLogSync,
        disposable,
        overrides,
        ring);
  }
}
