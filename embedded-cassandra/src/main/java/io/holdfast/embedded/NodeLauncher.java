// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import io.holdfast.embedded.child.NodeMain;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Starts a node's process and waits until it answers; again and again with the same folder and
 * ports. Calls must not overlap.
 */
final class NodeLauncher implements AutoCloseable {

  private static final long POLL_MILLIS = 100;

  /** How a JVM ends with ExitOnOutOfMemoryError. */
  private static final int OUT_OF_MEMORY = 3;

  private final NodeSettings settings;
  private final JavaInstallation java;
  private final List<Path> jars;
  private final NodeFolder folder;
  private final Ports ports;

  private NodeLauncher(
      NodeSettings settings,
      JavaInstallation java,
      List<Path> jars,
      NodeFolder folder,
      Ports ports) {
    this.settings = settings;
    this.java = java;
    this.jars = jars;
    this.folder = folder;
    this.ports = ports;
  }

  /** Checks all that can be checked before a process is started, and takes the data folder. */
  static NodeLauncher prepare(NodeSettings settings) {
    JavaInstallation java = JavaInstallation.find(settings.javaHome());
    List<Path> jars = CassandraJars.get();
    NodeFolder folder = NodeFolder.open(settings.dataFolder());
    try {
      Ports ports = ports(settings, folder);
      ports.requireFree(settings.address());
      return new NodeLauncher(settings, java, jars, folder, ports);
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  private static Ports ports(NodeSettings settings, NodeFolder folder) {
    if (settings.cqlPort() == 0 && settings.storagePort() == 0) {
      Ports remembered = folder.rememberedPorts().orElse(null);
      if (remembered != null && remembered.areFree(settings.address())) {
        return remembered;
      }
    }
    return Ports.choose(List.of(settings.address()), settings.cqlPort(), settings.storagePort());
  }

  NodeSettings settings() {
    return settings;
  }

  NodeFolder folder() {
    return folder;
  }

  InetSocketAddress contactPoint() {
    return new InetSocketAddress(settings.address(), ports.cql());
  }

  CqlProbe probe() {
    return new CqlProbe(contactPoint(), settings.datacenter());
  }

  NodeProcess launch() {
    ports.requireFree(settings.address());
    try {
      ConfigFiles.write(folder, settings, ports);
      folder.rememberPorts(ports);
      Files.deleteIfExists(folder.output());
      return NodeProcess.start(
          NodeCommand.of(java, jars, folder, settings), folder.path(), folder.output());
    } catch (IOException e) {
      throw new EmbeddedCassandraException(
          Reason.FILES, "Cannot write the files of a node in " + folder.path() + ": " + e, e);
    }
  }

  /** Blocks until the node answers a query; otherwise kills it and says why. */
  void awaitAnswer(NodeProcess process) {
    long deadline = System.nanoTime() + settings.startTimeout().toNanos();
    CqlProbe probe = probe();
    try {
      while (!probe.answers()) {
        if (process.awaitExit(Duration.ofMillis(POLL_MILLIS))) {
          throw died(process.exitStatus());
        }
        if (System.nanoTime() > deadline) {
          throw new EmbeddedCassandraException(
              Reason.TIMEOUT,
              "Cassandra at "
                  + contactPoint()
                  + " did not answer a query within "
                  + settings.startTimeout()
                  + ". On a slow or busy machine, raise startTimeout of the builder."
                  + LogTail.of(folder));
        }
      }
    } catch (InterruptedException e) {
      process.kill();
      Thread.currentThread().interrupt();
      throw new EmbeddedCassandraException(
          Reason.INTERRUPTED, "Interrupted while waiting for Cassandra at " + contactPoint(), e);
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
  }

  /** For a node that had answered before. */
  String describeDeath(int status) {
    return "Cassandra at "
        + contactPoint()
        + " has ended by itself with status "
        + status
        + (status == OUT_OF_MEMORY
            ? ", out of memory: raise its heap (%s), or keep fewer tables"
                .formatted(settings.heap())
            : "")
        + "."
        + LogTail.of(folder);
  }

  private EmbeddedCassandraException died(int status) {
    if (status == NodeMain.FOLDER_IN_USE) {
      return NodeFolder.inUse(folder.path());
    }
    return new EmbeddedCassandraException(
        Reason.NODE_DIED,
        "Cassandra at "
            + contactPoint()
            + " ended with status "
            + status
            + " before it answered a query. If the heap ("
            + settings.heap()
            + ") was too small, raise it; if the data folder belongs to another version, choose"
            + " another."
            + LogTail.of(folder));
  }

  @Override
  public void close() {
    folder.close();
  }
}
