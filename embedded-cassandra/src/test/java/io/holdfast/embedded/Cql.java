// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.holdfast.test.Patience;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Sessions for tests: patient where the machine is slow. */
final class Cql {

  private Cql() {}

  static CqlSession connect(EmbeddedCassandra node) {
    return connect(List.of(node.contactPoint()), node.datacenter());
  }

  static CqlSession connect(List<InetSocketAddress> contactPoints, String datacenter) {
    return CqlSession.builder()
        .withConfigLoader(
            DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Patience.LIMIT)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Patience.LIMIT)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Patience.LIMIT)
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(200))
                .build())
        .addContactPoints(contactPoints)
        .withLocalDatacenter(datacenter)
        .build();
  }

  /** Creates keyspace {@code k} with table {@code t}. */
  static void createTable(CqlSession session, int replicationFactor) {
    session.execute(
        "CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy',"
            + " 'replication_factor': "
            + replicationFactor
            + "}");
    session.execute("CREATE TABLE k.t (id int PRIMARY KEY, value text)");
  }

  static List<Integer> ids(CqlSession session) {
    return session.execute("SELECT id FROM k.t").all().stream()
        .map(row -> row.getInt("id"))
        .sorted()
        .toList();
  }
}
