// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.cassandra.CassandraContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A node in a container. It ends with this JVM at the latest: Testcontainers sees to that. Only
 * this class, {@link CqlWaitStrategy} and {@link ContainerImage} need Testcontainers.
 */
record ContainerNode(CassandraContainer container, InetSocketAddress contactPoint)
    implements CassandraNode {

  private static final String HEAP = "1G";
  private static final String NEW_HEAP = "128M";

  /** Whether Docker answers. Remembered by Testcontainers, which logs an error if it does not. */
  static boolean isDockerAvailable() {
    try {
      // Unlike isDockerAvailable(), this starts no container of Testcontainers' own.
      DockerClientFactory.instance().getTransportConfig();
      return true;
    } catch (IllegalStateException noDocker) {
      return false;
    }
  }

  /**
   * Blocks until the node answers CQL.
   *
   * @throws RuntimeException of many kinds if Docker, the image or the node does not do as asked
   */
  @SuppressWarnings("resource") // Testcontainers ends it with this JVM.
  static ContainerNode start(String image) {
    CassandraContainer container =
        new CassandraContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("cassandra"))
            .withEnv("MAX_HEAP_SIZE", HEAP)
            .withEnv("HEAP_NEWSIZE", NEW_HEAP);
    container.waitingFor(new CqlWaitStrategy(container));
    try {
      container.start();
      return new ContainerNode(container, addressOf(container));
    } catch (RuntimeException | Error e) {
      container.stop();
      throw e;
    }
  }

  /**
   * By number and not as {@code localhost}, which may stand for two addresses, and a driver would
   * try both.
   */
  static InetSocketAddress addressOf(CassandraContainer container) {
    InetSocketAddress named = container.getContactPoint();
    InetAddress address = named.getAddress();
    return address == null
        ? named
        : new InetSocketAddress(address.getHostAddress(), named.getPort());
  }

  @Override
  public String localDatacenter() {
    return container.getLocalDatacenter();
  }

  @Override
  public CassandraSource source() {
    return CassandraSource.TESTCONTAINERS;
  }

  @Override
  public boolean isRunning() {
    return container.isRunning();
  }
}
