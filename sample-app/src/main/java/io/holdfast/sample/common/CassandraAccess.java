// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.embedded.EmbeddedCassandraBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Cassandra of a run: an embedded one that ends with the run, or an existing one. */
public final class CassandraAccess implements AutoCloseable {
  private final List<String> contactPoints;
  private final String localDatacenter;
  private final @Nullable EmbeddedCassandra embedded;

  private CassandraAccess(
      List<String> contactPoints, String localDatacenter, @Nullable EmbeddedCassandra embedded) {
    this.contactPoints = contactPoints;
    this.localDatacenter = localDatacenter;
    this.embedded = embedded;
  }

  /**
   * An existing one, which is not asked yet.
   *
   * @param contactPoints with commas between
   */
  static CassandraAccess existing(String contactPoints, String localDatacenter) {
    return new CassandraAccess(List.of(contactPoints.split(",")), localDatacenter, null);
  }

  /**
   * An embedded one; blocks until it answers.
   *
   * @param dataFolder where it keeps its data; {@code null} for a temporary folder
   */
  public static CassandraAccess start(@Nullable Path dataFolder) {
    EmbeddedCassandraBuilder builder = EmbeddedCassandra.builder();
    if (dataFolder != null) {
      builder.dataFolder(dataFolder);
    }
    EmbeddedCassandra node = builder.start();
    InetSocketAddress address = node.contactPoint();
    String contactPoint =
        "%s:%d".formatted(address.getAddress().getHostAddress(), address.getPort());
    return new CassandraAccess(List.of(contactPoint), node.datacenter(), node);
  }

  /** The configuration that leads the driver here. */
  public Config driverConfig() {
    return ConfigFactory.parseMap(
        Map.of(
            "datastax-java-driver.basic.contact-points",
            contactPoints,
            "datastax-java-driver.basic.load-balancing-policy.local-datacenter",
            localDatacenter));
  }

  /** The addresses, each {@code HOST:PORT}. */
  public List<String> contactPoints() {
    return contactPoints;
  }

  public String localDatacenter() {
    return localDatacenter;
  }

  public String describe() {
    return String.join(", ", contactPoints);
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
