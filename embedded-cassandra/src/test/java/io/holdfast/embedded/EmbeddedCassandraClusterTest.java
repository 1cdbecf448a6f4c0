// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.holdfast.test.Patience;
import org.junit.jupiter.api.Test;

class EmbeddedCassandraClusterTest {

  @Test
  void writesToAQuorumWithOneOfThreeNodesKilledAndAllAfterItsRestart() {
    try (EmbeddedCassandraCluster cluster =
        EmbeddedCassandraCluster.builder().baseAddress("127.0.0.51").heap("512m").start()) {
      assertThat(cluster.contactPoints())
          .extracting(contactPoint -> contactPoint.getAddress().getHostAddress())
          .containsExactly("127.0.0.51", "127.0.0.52", "127.0.0.53");
      try (CqlSession session = Cql.connect(cluster.contactPoints(), cluster.datacenter())) {
        assertThat(session.execute("SELECT peer FROM system.peers").all()).hasSize(2);
        Cql.createTable(session, 3);
        session.execute(insert(1, ConsistencyLevel.QUORUM));

        cluster.node(2).kill();
        session.execute(insert(2, ConsistencyLevel.QUORUM));

        cluster.node(2).restart();
        cluster.awaitAllUp(Patience.LIMIT);
        session.execute(insert(3, ConsistencyLevel.ALL));
        assertThat(Cql.ids(session)).containsExactly(1, 2, 3);
      }
    }
  }

  private static SimpleStatement insert(int id, ConsistencyLevel consistency) {
    return SimpleStatement.newInstance("INSERT INTO k.t (id) VALUES (?)", id)
        .setConsistencyLevel(consistency)
        .setIdempotent(true);
  }
}
