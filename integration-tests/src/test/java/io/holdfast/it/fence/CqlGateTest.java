// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.holdfast.it.Stages;
import io.holdfast.it.fence.CqlGate.Side;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlGateTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();

  private final UUID test = UUID.randomUUID();
  private CqlGate gate;
  private CqlSession gated;
  private PreparedStatement insert;

  @BeforeAll
  static void createTable() {
    CqlSession session = CASSANDRA.session();
    session.execute(
        "CREATE KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
            .formatted(KEYSPACE));
    session.execute(
        "CREATE TABLE %s.t (test uuid, k int, PRIMARY KEY (test, k))".formatted(KEYSPACE));
  }

  @BeforeEach
  void connect() {
    gate = CqlGate.start(CASSANDRA.contactPoint());
    gated =
        CqlSession.builder()
            .withConfigLoader(DriverConfigLoader.fromString(gate.settings()))
            .withLocalDatacenter(CASSANDRA.localDatacenter())
            .build();
    insert = gated.prepare("INSERT INTO %s.t (test, k) VALUES (?, ?)".formatted(KEYSPACE));
  }

  @AfterEach
  void disconnect() {
    gate.close();
    gated.closeAsync();
  }

  private List<Integer> stored() {
    SimpleStatement select =
        SimpleStatement.newInstance("SELECT k FROM %s.t WHERE test = ?".formatted(KEYSPACE), test);
    return CASSANDRA.session().execute(select).all().stream().map(row -> row.getInt(0)).toList();
  }

  private CompletableFuture<?> insert(int key) {
    return gated.executeAsync(insert.bind(test, key)).toCompletableFuture();
  }

  @Test
  void holdsARequestBackAndAllThatFollows() throws Exception {
    assertThat(gated.getContext().getProtocolVersion()).isEqualTo(DefaultProtocolVersion.V4);
    gate.freezeAt(request -> request.cql().startsWith("INSERT"), 2, Side.BEFORE);
    Stages.get(insert(1));
    CompletableFuture<?> second = insert(2);
    gate.awaitFrozen();
    String third = "INSERT INTO %s.t (test, k) VALUES (%s, 3)".formatted(KEYSPACE, test);
    CompletableFuture<?> query = gated.executeAsync(third).toCompletableFuture();
    assertThat(stored()).containsExactly(1);
    assertThat(second).isNotDone();
    gate.thaw();
    Stages.get(second);
    Stages.get(query);
    assertThat(stored()).containsExactly(1, 2, 3);
  }

  @Test
  void holdsAnAnswerBack() throws Exception {
    gate.freezeAt(request -> request.cql().startsWith("INSERT"), 1, Side.AFTER);
    CompletableFuture<?> batch =
        gated
            .executeAsync(
                BatchStatement.newInstance(
                    BatchType.UNLOGGED, insert.bind(test, 1), insert.bind(test, 2)))
            .toCompletableFuture();
    gate.awaitFrozen();
    assertThat(stored()).containsExactly(1, 2);
    assertThat(batch).isNotDone();
    gate.thaw();
    Stages.get(batch);
  }

  @Test
  void dropsWhatItHoldsWhenKilled() throws Exception {
    gate.freezeAt(request -> request.cql().startsWith("INSERT"), 1, Side.BEFORE);
    CompletableFuture<?> held = insert(1);
    gate.awaitFrozen();
    gate.kill();
    assertThatThrownBy(() -> Stages.get(held)).isInstanceOf(DriverException.class);
    assertThat(stored()).isEmpty();
  }
}
