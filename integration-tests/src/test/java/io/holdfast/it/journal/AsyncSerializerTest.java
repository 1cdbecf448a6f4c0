// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.holdfast.it.journal.JournalSystem.Replayed;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.it.journal.LateSerializer.Hold;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events and snapshots whose serializer takes its time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsyncSerializerTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String COMMON = "holdfast.cassandra.partition-size = 3\n";

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private JournalSystem journal;

  @BeforeAll
  void start() {
    journal = JournalSystem.start(CASSANDRA, keyspace, LateSerializer.SETTINGS + COMMON);
  }

  @AfterAll
  void stop() {
    journal.close();
  }

  private static String newId() {
    return "actor-" + UUID.randomUUID();
  }

  @Test
  void storesInOrderWhatIsSerializedOutOfOrderAndHoldsUpNobodyElse() throws Exception {
    String id = newId();
    Hold second = LateSerializer.hold("second of " + id);
    CompletableFuture<Written> write =
        CompletableFuture.supplyAsync(
            () ->
                journal.write(
                    JournalSystem.atomic(id, 1, "first"),
                    JournalSystem.atomic(id, 2, "second of " + id, "third"),
                    JournalSystem.atomic(id, 4, "fourth")));
    second.awaitReached();
    String other = newId();
    journal.store(other, 1, "other");
    assertThat(journal.replay(other).texts()).containsExactly("other");
    assertThat(write).isNotDone();
    second.release();
    assertThat(get(write).stored()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(journal.replay(id).texts())
        .containsExactly("first", "second of " + id, "third", "fourth");
  }

  @Test
  void aRecoveryWaitsForEventsThatAreBeingSerialized() throws Exception {
    String id = newId();
    Hold late = LateSerializer.hold("late of " + id);
    CompletableFuture<Written> write =
        CompletableFuture.supplyAsync(
            () -> journal.write(JournalSystem.atomic(id, 1, "late of " + id)));
    late.awaitReached();
    CompletableFuture<Replayed> recovery = CompletableFuture.supplyAsync(() -> journal.replay(id));
    String other = newId();
    journal.store(other, 1, "other");
    assertThat(recovery).isNotDone();
    late.release();
    assertThat(get(write).stored()).containsExactly(1L);
    assertThat(get(recovery).texts()).containsExactly("late of " + id);
  }

  @Test
  void rejectsWhatTheSerializerRefusesAndStoresTheNeighbours() {
    String id = newId();
    Written written =
        journal.write(
            JournalSystem.atomic(id, 1, "a"),
            JournalSystem.atomic(id, 2, "refused"),
            JournalSystem.atomic(id, 3, "b", LateSerializer.THROWN),
            JournalSystem.atomic(id, 5, "c"));
    assertThat(written.failure()).isNull();
    assertThat(written.stored()).containsExactly(1L, 5L);
    assertThat(written.rejected()).containsOnlyKeys(2L, 3L, 4L);
    assertThat(written.rejected().get(2L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("refused");
    assertThat(written.rejected().get(3L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(LateSerializer.THROWN);
    assertThat(journal.replay(id).texts()).containsExactly("a", "c");
  }

  @Test
  void replaysInOrderWhatIsReadOutOfOrder() throws Exception {
    String id = newId();
    journal.store(id, 1, "1", "second " + id, "3");
    journal.store(id, 4, "4", "5", "6");
    Hold second = LateSerializer.hold("second " + id);
    CompletableFuture<Replayed> replay = CompletableFuture.supplyAsync(() -> journal.replay(id));
    second.awaitReached();
    second.release();
    assertThat(get(replay).texts()).containsExactly("1", "second " + id, "3", "4", "5", "6");
  }

  @Test
  void failsARecoveryWithWhatTheSerializerCannotRead() {
    String id = newId();
    journal.store(id, 1, "a", LateSerializer.UNREADABLE, "c");
    List<Long> replayed = new ArrayList<>();
    assertThat(journal.failureWhileReplaying(id, replayed))
        .hasMessageContainingAll("event 2 of '" + id + "'", "cannot read");
    assertThat(replayed).containsExactly(1L);
    assertThat(journal.replay(id, 3, 3, 1).texts()).containsExactly("c");
  }

  @Test
  void failsAWriteWhoseSerializerNeverAnswersAndRecovers() {
    String settings = "holdfast.journal.circuit-breaker.call-timeout = 5 s";
    try (JournalSystem impatient =
        JournalSystem.start(CASSANDRA, keyspace, LateSerializer.SETTINGS + COMMON + settings)) {
      String id = newId();
      journal.store(id, 1, "a");
      assertThat(impatient.replay(id).texts()).containsExactly("a");
      Hold unused = LateSerializer.hold("never " + id);
      Written written = impatient.write(JournalSystem.atomic(id, 2, "never " + id));
      assertThat(written.stored()).isEmpty();
      assertThat(written.rejected()).isEmpty();
      assertThat(written.failure()).isInstanceOf(TimeoutException.class);
      assertThat(impatient.replay(id).texts()).containsExactly("a");
      unused.release();
      assertThat(journal.replay(id).texts()).containsExactly("a");
      journal.store(id, 2, "b");
      assertThat(journal.replay(id).texts()).containsExactly("a", "b");
    }
  }

  @Test
  void keepsSnapshotsAndSavesNoneThatTheSerializerRefuses() throws Exception {
    String id = newId();
    SnapshotMetadata metadata = SnapshotMetadata.apply(id, 7).withMetadata(new TestEvent("beside"));
    Hold late = LateSerializer.hold("state " + id);
    TestKit probe = new TestKit(journal.system());
    ActorRef store =
        Persistence.get(journal.system())
            .snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
    store.tell(
        new SnapshotProtocol.SaveSnapshot(metadata, new TestEvent("state " + id)), probe.getRef());
    late.awaitReached();
    late.release();
    assertThat(receive(probe)).isInstanceOf(SaveSnapshotSuccess.class);
    store.tell(
        new SnapshotProtocol.SaveSnapshot(SnapshotMetadata.apply(id, 8), new TestEvent("refused")),
        probe.getRef());
    assertThat(((SaveSnapshotFailure) receive(probe)).cause())
        .isInstanceOf(IllegalArgumentException.class);
    store.tell(
        new SnapshotProtocol.LoadSnapshot(id, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE),
        probe.getRef());
    SelectedSnapshot found =
        ((SnapshotProtocol.LoadSnapshotResult) receive(probe)).snapshot().get();
    assertThat(found.snapshot()).isEqualTo(new TestEvent("state " + id));
    assertThat(found.metadata().metadata().get()).isEqualTo(new TestEvent("beside"));
  }

  private static Object receive(TestKit probe) {
    return probe.receiveOne(Patience.LIMIT);
  }
}
