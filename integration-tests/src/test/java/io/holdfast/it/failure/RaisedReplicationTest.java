// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.holdfast.embedded.EmbeddedCassandraCluster;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A keyspace that begins with one replica on three Cassandra nodes, and gets more. */
@Tag("exhaustive")
class RaisedReplicationTest {
  // Only for the configuration that tests share; nothing here connects to it.
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final List<String> STREAMS =
      IntStream.range(0, 30).mapToObj(i -> "stream-" + i).toList();

  private static EmbeddedCassandraCluster cluster;
  private static CqlSession session;

  private final String keyspace = CASSANDRA.newKeyspaceName();

  @BeforeAll
  static void startCluster() {
    cluster = EmbeddedCassandraCluster.builder().nodes(3).heap("400m").start();
    session =
        CqlSession.builder()
            .addContactPoints(cluster.contactPoints())
            .withLocalDatacenter(cluster.datacenter())
            .build();
  }

  @AfterAll
  static void closeCluster() {
    try {
      session.close();
    } finally {
      cluster.close();
    }
  }

  private JournalSystem start() {
    return JournalSystem.start(CASSANDRA, keyspace, EveryNode.settings(cluster));
  }

  private void storeWithOneReplica() {
    try (JournalSystem journal = start()) {
      STREAMS.forEach(stream -> journal.store(stream, 1, "1", "2"));
    }
  }

  private long whole() {
    try (JournalSystem journal = start()) {
      return STREAMS.stream().filter(stream -> isWhole(journal, stream)).count();
    }
  }

  private static boolean isWhole(JournalSystem journal, String stream) {
    try {
      return journal.replay(stream).texts().equals(List.of("1", "2"));
    } catch (AssertionError failed) {
      return false;
    }
  }

  private void replicate(int replicas) {
    session.execute(
        "ALTER KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': %d}"
            .formatted(keyspace, replicas));
    assertThat(session.checkSchemaAgreement()).isTrue();
  }

  private void recordReplication(int replicas) {
    session.execute(
        "ALTER TABLE %s.settings WITH comment = 'replication: class=SimpleStrategy, replication_factor=%d'"
            .formatted(keyspace, replicas));
    assertThat(session.checkSchemaAgreement()).isTrue();
  }

  /** What {@code nodetool repair -full} does, which needs JMX: reads all rows of all replicas. */
  private void repair() {
    session
        .execute(
            "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '%s'"
                .formatted(keyspace))
        .forEach(
            table ->
                session
                    .execute(
                        SimpleStatement.newInstance(
                                "SELECT * FROM %s.%s".formatted(keyspace, table.getString(0)))
                            .setConsistencyLevel(ConsistencyLevel.ALL)
                            .setTimeout(Patience.LIMIT))
                    .all());
  }

  @Test
  void fromOneToThreeIsRefusedUntilAllReplicasHaveAllRows() {
    storeWithOneReplica();
    replicate(3);
    try (JournalSystem journal = start()) {
      assertThat(journal.recoveryFailure(STREAMS.get(0)))
          .hasMessageContainingAll("replication_factor=1", "replication_factor=3", "repair -full");
    }
    repair();
    recordReplication(3);
    assertThat(whole()).isEqualTo(STREAMS.size());
    cluster.node(1).pause();
    try {
      assertThat(whole()).isEqualTo(STREAMS.size());
    } finally {
      cluster.node(1).resume();
      cluster.awaitAllUp(Patience.LIMIT);
    }
  }

  /** What the refusal prevents: quorums of the new replicas that have none of the rows. */
  @Test
  void fromOneToThreeLosesEventsWhereNothingIsRepaired() {
    storeWithOneReplica();
    replicate(3);
    recordReplication(3);
    assertThat(whole()).isLessThan(STREAMS.size());
  }

  @Test
  void oneReplicaMoreLosesNothing() {
    storeWithOneReplica();
    replicate(2);
    assertThat(whole()).isEqualTo(STREAMS.size());
    repair();
    recordReplication(2);
    replicate(3);
    assertThat(whole()).isEqualTo(STREAMS.size());
  }
}
