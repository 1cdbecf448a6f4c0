// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import com.typesafe.config.ConfigFactory;
import io.holdfast.it.Stages;
import io.holdfast.it.TestConfig;
import io.holdfast.it.Tombstones;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.jdk.javaapi.OptionConverters;

/** How many tombstones the snapshots of one actor cost, which takes and deletes many. */
class SnapshotTombstonesTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int SNAPSHOTS = Integer.getInteger("holdfast.test.snapshots", 200);
  private static final int MAX_TOMBSTONES = 20;

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private ActorSystem system;
  private ActorRef store;

  @BeforeEach
  void start() {
    system = ActorSystem.create("tombstones", TestConfig.journal(CASSANDRA, keyspace, ""));
    store =
        Persistence.get(system).snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
  }

  @AfterEach
  void stop() {
    TestKit.shutdownActorSystem(system);
  }

  private Object ask(Object request) {
    return Stages.get(Patterns.ask(store, request, Patience.LIMIT));
  }

  private void save(String id, long sequenceNr) {
    assertThat(
            ask(
                new SnapshotProtocol.SaveSnapshot(
                    SnapshotMetadata.apply(id, sequenceNr), "s-" + sequenceNr)))
        .isInstanceOf(SaveSnapshotSuccess.class);
  }

  private void delete(String id, long sequenceNr) {
    assertThat(ask(new SnapshotProtocol.DeleteSnapshot(SnapshotMetadata.apply(id, sequenceNr, 0))))
        .isInstanceOf(DeleteSnapshotSuccess.class);
  }

  private void delete(String id, long from, long to) {
    SnapshotSelectionCriteria criteria =
        SnapshotSelectionCriteria.create(to, Long.MAX_VALUE, from, 0);
    assertThat(ask(new SnapshotProtocol.DeleteSnapshots(id, criteria)))
        .isInstanceOf(DeleteSnapshotsSuccess.class);
  }

  private Optional<Object> load(String id) {
    SnapshotProtocol.LoadSnapshotResult answer =
        (SnapshotProtocol.LoadSnapshotResult)
            ask(
                new SnapshotProtocol.LoadSnapshot(
                    id, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE));
    return OptionConverters.toJava(answer.snapshot()).map(SelectedSnapshot::snapshot);
  }

  private long mostInARead() {
    return Tombstones.mostInARead(CASSANDRA, keyspace, "snapshots");
  }

  @Test
  void doNotAddUpWhereEachSnapshotIsDeletedByItself() {
    String id = "each-" + UUID.randomUUID();
    save(id, 1);
    for (int i = 2; i <= SNAPSHOTS; i++) {
      save(id, i);
      delete(id, i - 1);
    }
    deleteTheLast(id);
  }

  @Test
  void doNotAddUpWhereAllBelowAreDeleted() {
    String id = "below-" + UUID.randomUUID();
    for (int i = 1; i <= SNAPSHOTS; i++) {
      save(id, i);
      delete(id, 0, i - 1);
    }
    deleteTheLast(id);
  }

  @Test
  void doNotAddUpWhereAWindowIsDeletedAsTypedActorsDo() {
    String id = "window-" + UUID.randomUUID();
    for (int i = 10; i <= 10 * SNAPSHOTS; i += 10) {
      save(id, i);
      delete(id, Math.max(0, i - 40), Math.max(0, i - 20));
    }
    assertThat(load(id)).contains("s-" + 10 * SNAPSHOTS);
    delete(id, 0, Long.MAX_VALUE);
    assertThat(load(id)).isEmpty();
    assertThat(mostInARead()).isLessThan(MAX_TOMBSTONES);
  }

  @Test
  void doNotAddUpWhereOneSequenceNumberIsSavedAgainAndAgain() {
    String id = "again-" + UUID.randomUUID();
    for (int i = 1; i <= SNAPSHOTS; i++) {
      save(id, 7);
    }
    assertThat(load(id)).contains("s-7");
    assertThat(mostInARead()).isLessThan(MAX_TOMBSTONES);
  }

  /** As earlier builds have left them: more than Cassandra's tombstone_failure_threshold. */
  @Test
  void areReadInSlicesWhereThereAreTooManyForOneRead() {
    String id = "pile-" + UUID.randomUUID();
    int pile = 120_000;
    save(id, 5);
    PreparedStatement delete =
        CASSANDRA
            .session()
            .prepare(
                "DELETE FROM %s.snapshots USING TIMESTAMP 2 WHERE persistence_id = ? AND seq_nr = ? AND snapshot_id = ?"
                    .formatted(keyspace));
    UUID snapshot = Uuids.timeBased();
    for (long first = 10; first < pile; first += 1_000) {
      CASSANDRA
          .session()
          .execute(
              BatchStatement.newInstance(
                  BatchType.UNLOGGED,
                  LongStream.range(first, first + 1_000)
                      .mapToObj(at -> delete.bind(id, at, snapshot))
                      .toArray(BoundStatement[]::new)));
    }
    assertThat(load(id)).contains("s-5");
    save(id, 2L * pile);
    delete(id, 6, Long.MAX_VALUE);
    assertThat(load(id)).contains("s-5");
    delete(id, 0, Long.MAX_VALUE);
    assertThat(load(id)).isEmpty();
  }

  private void deleteTheLast(String id) {
    assertThat(load(id)).contains("s-" + SNAPSHOTS);
    delete(id, 0, Long.MAX_VALUE);
    assertThat(load(id)).isEmpty();
    save(id, SNAPSHOTS);
    assertThat(load(id)).contains("s-" + SNAPSHOTS);
    assertThat(mostInARead()).isLessThan(MAX_TOMBSTONES);
  }
}
