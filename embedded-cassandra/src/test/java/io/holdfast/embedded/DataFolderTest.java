// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chosen folder keeps what a node acknowledged, however the node ends. */
class DataFolderTest {

  @TempDir private Path parent;

  private EmbeddedCassandraBuilder node(Path folder) {
    return EmbeddedCassandra.builder()
        .dataFolder(folder)
        .heap("512m")
        .commitLogSync(CommitLogSync.BATCH);
  }

  @Test
  void keepsDataAndPortsOverStopKillAndClose() {
    Path folder = parent.resolve("it's a folder");
    InetSocketAddress contactPoint;
    try (EmbeddedCassandra node = node(folder).start()) {
      contactPoint = node.contactPoint();
      try (CqlSession session = Cql.connect(node)) {
        Cql.createTable(session, 1);
        session.execute("INSERT INTO k.t (id) VALUES (1)");
      }
      long firstPid = node.pid();
      node.stop();
      assertThat(node.isRunning()).isFalse();
      node.restart();
      assertThat(node.pid()).isNotEqualTo(firstPid);
      assertThat(node.contactPoint()).isEqualTo(contactPoint);

      try (CqlSession session = Cql.connect(node)) {
        session.execute("INSERT INTO k.t (id) VALUES (2)");
        session.execute("CREATE TABLE k.made_before_the_kill (id int PRIMARY KEY)");
        node.kill();
      }
      assertThat(node.isRunning()).isFalse();
    }
    assertThat(folder).isDirectory();

    try (EmbeddedCassandra later = node(folder).start();
        CqlSession session = Cql.connect(later)) {
      assertThat(later.contactPoint()).isEqualTo(contactPoint);
      assertThat(Cql.ids(session)).containsExactly(1, 2);
      assertThat(session.execute("SELECT id FROM k.made_before_the_kill").all()).isEmpty();
    }

    // Cassandra itself refuses this folder, which shows how its death at start is reported.
    assertThatThrownBy(() -> node(folder).clusterName("another").start())
        .isInstanceOfSatisfying(
            EmbeddedCassandraException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.NODE_DIED))
        .hasMessageContaining("ended with status")
        .hasMessageContaining("Saved cluster name holdfast != configured name another");
  }
}
