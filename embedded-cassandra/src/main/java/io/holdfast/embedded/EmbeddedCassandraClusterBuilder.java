// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Describes a cluster and starts it. Not thread-safe. */
public final class EmbeddedCassandraClusterBuilder {

  private static final int MOST_NODES = 9;

  private final EmbeddedCassandraBuilder node = EmbeddedCassandra.builder();
  private int nodes = 3;
  private String baseAddress = "127.0.0.1";
  private int cqlPort;
  private int storagePort;
  private @Nullable Path dataFolder;
  private Duration startTimeout = EmbeddedCassandraBuilder.DEFAULT_START_TIMEOUT;

  EmbeddedCassandraClusterBuilder() {}

  /** How many nodes, 1 to 9. Default: 3. */
  public EmbeddedCassandraClusterBuilder nodes(int number) {
    if (number < 1 || number > MOST_NODES) {
      throw new IllegalArgumentException(
          "nodes " + number + " must be between 1 and " + MOST_NODES);
    }
    this.nodes = number;
    return this;
  }

  /**
   * The address of the first node; the others have the following ones. Two clusters need different
   * ones, or different ports. Default: 127.0.0.1.
   *
   * @throws IllegalArgumentException if it is no IPv4 loopback address
   */
  public EmbeddedCassandraClusterBuilder baseAddress(String loopbackAddress) {
    NodeSettings.loopback(loopbackAddress);
    this.baseAddress = loopbackAddress;
    return this;
  }

  /** The port for CQL of all nodes. Default: 0, any port that is free on all addresses. */
  public EmbeddedCassandraClusterBuilder cqlPort(int port) {
    this.cqlPort = port;
    return this;
  }

  /** The port between the nodes. Default: 0, any port that is free on all addresses. */
  public EmbeddedCassandraClusterBuilder storagePort(int port) {
    this.storagePort = port;
    return this;
  }

  /**
   * Where the nodes keep their data, each in a folder {@code node-1}, {@code node-2} and so on,
   * kept at close; start it again with as many nodes. Default: temporary folders, deleted at close.
   */
  public EmbeddedCassandraClusterBuilder dataFolder(Path folder) {
    this.dataFolder = folder;
    return this;
  }

  /** See {@link EmbeddedCassandraBuilder#clusterName}. */
  public EmbeddedCassandraClusterBuilder clusterName(String name) {
    node.clusterName(name);
    return this;
  }

  /** See {@link EmbeddedCassandraBuilder#datacenter}. */
  public EmbeddedCassandraClusterBuilder datacenter(String name) {
    node.datacenter(name);
    return this;
  }

  /** See {@link EmbeddedCassandraBuilder#javaHome}. */
  public EmbeddedCassandraClusterBuilder javaHome(Path home) {
    node.javaHome(home);
    return this;
  }

  /** The largest heap of each node. See {@link EmbeddedCassandraBuilder#heap}. */
  public EmbeddedCassandraClusterBuilder heap(String size) {
    node.heap(size);
    return this;
  }

  /** How long to wait for each node. Default: three minutes. */
  public EmbeddedCassandraClusterBuilder startTimeout(Duration timeout) {
    this.startTimeout = timeout;
    node.startTimeout(timeout);
    return this;
  }

  /** See {@link EmbeddedCassandraBuilder#commitLogSync}. */
  public EmbeddedCassandraClusterBuilder commitLogSync(CommitLogSync sync) {
    node.commitLogSync(sync);
    return this;
  }

  /** See {@link EmbeddedCassandraBuilder#disposable}. */
  public EmbeddedCassandraClusterBuilder disposable() {
    node.disposable();
    return this;
  }

  /** See {@link EmbeddedCassandraBuilder#setting}. */
  public EmbeddedCassandraClusterBuilder setting(String name, String value) {
    node.setting(name, value);
    return this;
  }

  /**
   * Starts the nodes and blocks until all answer CQL queries and reach each other.
   *
   * @throws IllegalArgumentException if a setting is invalid
   * @throws EmbeddedCassandraException if a node could not be started; none is left running then
   */
  public EmbeddedCassandraCluster start() {
    List<InetAddress> addresses = IntStream.range(0, nodes).mapToObj(this::address).toList();
    Ports ports = Ports.choose(addresses, cqlPort, storagePort);
    node.cqlPort(ports.cql()).storagePort(ports.storage());
    List<NodeSettings> settings =
        IntStream.range(0, nodes)
            .mapToObj(
                index ->
                    node.settings(
                        addresses.get(index),
                        new Ring(index, nodes, addresses.get(0)),
                        folder(index)))
            .toList();
    EmbeddedCassandraCluster cluster = new EmbeddedCassandraCluster(ClusterStart.run(settings));
    try {
      cluster.awaitAllUp(startTimeout);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private @Nullable Path folder(int index) {
    return dataFolder == null ? null : dataFolder.resolve("node-" + (index + 1));
  }

  private InetAddress address(int index) {
    byte[] bytes = NodeSettings.loopback(baseAddress).getAddress();
    int last = (bytes[3] & 0xff) + index;
    if (last > 254) {
      throw new IllegalArgumentException(
          "baseAddress " + baseAddress + " leaves no room for " + nodes + " nodes");
    }
    bytes[3] = (byte) last;
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }
}
