// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import io.holdfast.sample.common.CassandraAccess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of node processes on this machine. The nodes end with this process; close it to let
 * them leave in good order. Not thread-safe, but for {@link #close}.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(3);

  private final List<String> common;
  private final Map<String, String> environment;
  private final List<Integer> httpPorts;
  private final List<Integer> remotingPorts;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private int restarts;

  /**
   * How to start nodes.
   *
   * @param size how many
   * @param httpPort the first one's; the others' follow. 0 for any free ones
   * @param keyspace {@code null} for the default
   * @param token {@code null} for none
   */
  public record Settings(
      int size,
      int httpPort,
      String contactPoints,
      String localDatacenter,
      @Nullable String keyspace,
      @Nullable String token) {
    /** Nodes that use a Cassandra. */
    public static Settings of(int size, int httpPort, CassandraAccess cassandra) {
      return new Settings(
          size,
          httpPort,
          String.join(",", cassandra.contactPoints()),
          cassandra.localDatacenter(),
          null,
          null);
    }

    public Settings withKeyspace(@Nullable String name) {
      return new Settings(size, httpPort, contactPoints, localDatacenter, name, token);
    }

    public Settings withToken(@Nullable String secret) {
      return new Settings(size, httpPort, contactPoints, localDatacenter, keyspace, secret);
    }
  }

  private LocalCluster(Settings settings) {
    int size = settings.size();
    this.httpPorts =
        settings.httpPort() == 0
            ? FreePorts.take(size)
            : IntStream.range(settings.httpPort(), settings.httpPort() + size).boxed().toList();
    this.remotingPorts = FreePorts.take(size);
    this.common = new ArrayList<>();
    this.environment =
        settings.token() == null ? Map.of() : Map.of("HOLDFAST_TOKEN", settings.token());
    add("--contact-points", settings.contactPoints());
    add("--local-datacenter", settings.localDatacenter());
    add("--keyspace", settings.keyspace());
    add("--seed-nodes", seedNodes());
    common.add("--demo-mode");
  }

  private void add(String option, @Nullable String value) {
    if (value != null) {
      common.add(option + "=" + value);
    }
  }

  /** Starts the processes; does not wait for them. */
  public static LocalCluster start(Settings settings) {
    LocalCluster cluster = new LocalCluster(settings);
    try {
      for (int i = 0; i < settings.size(); i++) {
        cluster.nodes.add(cluster.launch(i, ""));
      }
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private NodeProcess launch(int index, String suffix) {
    List<String> arguments = new ArrayList<>(common);
    arguments.add("--port=" + remotingPorts.get(index));
    arguments.add("--http-port=" + httpPorts.get(index));
    arguments.add("--management-port=0");
    return NodeProcess.start("node-" + (index + 1) + suffix, arguments, environment);
  }

  /** The remoting addresses of all nodes, with commas between. */
  public String seedNodes() {
    return remotingPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  /** Waits until all nodes are members, and answers where they serve HTTP. */
  public List<URI> awaitReady() throws InterruptedException, TimeoutException {
    List<URI> addresses = new ArrayList<>();
    for (NodeProcess node : nodes) {
      try {
        addresses.add(node.ready().get(READY_TIMEOUT.toSeconds(), TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        throw new IllegalStateException(String.valueOf(e.getCause()), e);
      }
    }
    return addresses;
  }

  public List<NodeProcess> nodes() {
    return List.copyOf(nodes);
  }

  /**
   * Starts a node's process anew, with the same ports and another log; the one before must have
   * ended.
   */
  public NodeProcess restart(int index) {
    if (nodes.get(index).isAlive()) {
      throw new IllegalStateException("node %d has not ended".formatted(index + 1));
    }
    restarts++;
    nodes.set(index, launch(index, "-restart-" + restarts));
    return nodes.get(index);
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::requestStop);
    nodes.forEach(NodeProcess::close);
  }
}
