// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Asks a node whether it answers CQL.
 *
 * <p>The driver is configured here alone: the application's own driver settings (credentials,
 * encryption, profiles) say nothing about this node.
 */
final class CqlProbe {

  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private final InetSocketAddress contactPoint;
  private final String datacenter;

  CqlProbe(InetSocketAddress contactPoint, String datacenter) {
    this.contactPoint = contactPoint;
    this.datacenter = datacenter;
  }

  /** Whether the node answers a query. Blocks for some seconds if it does not. */
  boolean answers() {
    return listens() && asks(ConsistencyLevel.ONE, "SELECT release_version FROM system.local");
  }

  /** Whether the node reaches every node of its cluster: all replicas answer it. */
  boolean reachesAllNodes() {
    return asks(ConsistencyLevel.ALL, "SELECT * FROM system_distributed.view_build_status");
  }

  /** A look that costs nothing, as a driver session for each attempt would. */
  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(contactPoint, CONNECT_TIMEOUT_MILLIS);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private boolean asks(ConsistencyLevel consistency, String query) {
    try (CqlSession session =
        CqlSession.builder()
            .withConfigLoader(DriverConfigLoader.fromMap(options()))
            .withLocalDatacenter(datacenter)
            .addContactPoint(contactPoint)
            .build()) {
      SimpleStatement statement =
          SimpleStatement.newInstance(query)
              .setConsistencyLevel(consistency)
              .setNode(thisNode(session));
      session.execute(statement).all();
      return true;
    } catch (DriverException | IllegalStateException notYet) {
      return false;
    }
  }

  private Node thisNode(CqlSession session) {
    return session.getMetadata().getNodes().values().stream()
        .filter(node -> node.getEndPoint().resolve().equals(contactPoint))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Not listed: " + contactPoint));
  }

  private static OptionsMap options() {
    OptionsMap options = OptionsMap.driverDefaults();
    options.put(TypedDriverOption.REQUEST_TIMEOUT, REQUEST_TIMEOUT);
    options.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, REQUEST_TIMEOUT);
    options.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, REQUEST_TIMEOUT);
    options.put(TypedDriverOption.METADATA_SCHEMA_ENABLED, false);
    options.put(TypedDriverOption.NETTY_IO_SIZE, 1);
    options.put(TypedDriverOption.NETTY_ADMIN_SIZE, 1);
    options.put(TypedDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0);
    options.put(TypedDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
    return options;
  }
}
