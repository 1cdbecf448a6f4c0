// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static io.holdfast.it.Stages.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import com.typesafe.config.ConfigFactory;
import io.holdfast.it.TestConfig;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.DeleteSnapshotFailure;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.FutureConverters;
import scala.jdk.javaapi.OptionConverters;

/** The snapshot store, spoken to as a persistent actor does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotStoreTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int CHUNK = 1024;
  private static final int MAX_BYTES = 12_000_000;

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private ActorSystem system;
  private ActorRef store;
  private ActorRef chunking;

  @BeforeAll
  void start() {
    String settings =
        TestEventSerializer.SETTINGS
            + """
            holdfast.snapshot-store.max-bytes = %d
            chunking = ${holdfast.snapshot-store} { chunk-size = %d }
            """
                .formatted(MAX_BYTES, CHUNK);
    system =
        ActorSystem.create(
            "snapshots", TestConfig.journal(CASSANDRA, keyspace, settings).resolve());
    Persistence persistence = Persistence.get(system);
    store = persistence.snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
    chunking = persistence.snapshotStoreFor("chunking", ConfigFactory.empty());
  }

  @AfterAll
  void stop() throws Exception {
    Patience.get(FutureConverters.asJava(system.terminate()));
  }

  private Object ask(ActorRef asked, Object request) {
    TestKit probe = new TestKit(system);
    asked.tell(request, probe.getRef());
    return probe.receiveOne(Patience.LIMIT);
  }

  /** Answers the metadata with the time, which Pekko sets. */
  private SnapshotMetadata save(ActorRef asked, String id, long sequenceNr, Object snapshot) {
    return save(asked, SnapshotMetadata.apply(id, sequenceNr), snapshot);
  }

  private SnapshotMetadata save(ActorRef asked, SnapshotMetadata metadata, Object snapshot) {
    Object answer = ask(asked, new SnapshotProtocol.SaveSnapshot(metadata, snapshot));
    assertThat(answer).isInstanceOf(SaveSnapshotSuccess.class);
    return ((SaveSnapshotSuccess) answer).metadata();
  }

  private Throwable saveFailure(SnapshotMetadata metadata, Object snapshot) {
    Object answer = ask(store, new SnapshotProtocol.SaveSnapshot(metadata, snapshot));
    return ((SaveSnapshotFailure) answer).cause();
  }

  private Object askToLoad(ActorRef asked, String id, SnapshotSelectionCriteria criteria) {
    return ask(asked, new SnapshotProtocol.LoadSnapshot(id, criteria, Long.MAX_VALUE));
  }

  private Throwable loadFailure(ActorRef asked, String id) {
    Object answer = askToLoad(asked, id, SnapshotSelectionCriteria.latest());
    return ((SnapshotProtocol.LoadSnapshotFailed) answer).cause();
  }

  private Optional<SelectedSnapshot> load(
      ActorRef asked, String id, SnapshotSelectionCriteria criteria) {
    Object answer = askToLoad(asked, id, criteria);
    assertThat(answer).isInstanceOf(SnapshotProtocol.LoadSnapshotResult.class);
    return OptionConverters.toJava(((SnapshotProtocol.LoadSnapshotResult) answer).snapshot());
  }

  private Optional<SelectedSnapshot> latest(String id) {
    return load(store, id, SnapshotSelectionCriteria.latest());
  }

  private static SnapshotSelectionCriteria upTo(long sequenceNr, long timestamp) {
    return SnapshotSelectionCriteria.create(sequenceNr, timestamp);
  }

  private static String newId() {
    return "actor-ü-" + UUID.randomUUID();
  }

  /** Snapshots "s-1" to "s-5" at 10, 20, …, 50, each of another millisecond. */
  private record Five(String id, List<SnapshotMetadata> saved) {
    long time(int number) {
      return saved.get(number - 1).timestamp();
    }
  }

  private Five saveFive() {
    String id = newId();
    List<SnapshotMetadata> saved = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      saved.add(
          saveLater(id, i * 10L, "s-" + i, saved.isEmpty() ? 0 : saved.get(i - 2).timestamp()));
    }
    return new Five(id, saved);
  }

  /** Saves when the clock has passed the time. */
  private SnapshotMetadata saveLater(String id, long sequenceNr, String snapshot, long time) {
    await().until(() -> System.currentTimeMillis() > time);
    return save(store, id, sequenceNr, snapshot);
  }

  private List<String> all(String id) {
    return LongStream.rangeClosed(1, 60)
        .mapToObj(
            at -> load(store, id, SnapshotSelectionCriteria.create(at, Long.MAX_VALUE, at, 0)))
        .flatMap(Optional::stream)
        .map(found -> (String) found.snapshot())
        .toList();
  }

  @Test
  void anActorWithoutSnapshotHasNone() {
    assertThat(latest(newId())).isEmpty();
    assertThat(load(store, saveFive().id(), SnapshotSelectionCriteria.none())).isEmpty();
  }

  @Test
  void loadsTheLatestThatMatches() {
    Five five = saveFive();
    String id = five.id();
    assertThat(latest(id)).contains(SelectedSnapshot.create(five.saved().get(4), "s-5"));
    assertThat(snapshot(id, upTo(40, Long.MAX_VALUE))).contains("s-4");
    assertThat(snapshot(id, upTo(39, Long.MAX_VALUE))).contains("s-3");
    assertThat(snapshot(id, upTo(9, Long.MAX_VALUE))).isEmpty();
    assertThat(snapshot(id, upTo(Long.MAX_VALUE, five.time(3)))).contains("s-3");
    assertThat(snapshot(id, upTo(20, five.time(5) - 1))).contains("s-2");
    assertThat(snapshot(id, upTo(Long.MAX_VALUE, five.time(1) - 1))).isEmpty();
    assertThat(snapshot(id, between(41, 40, 0, Long.MAX_VALUE))).isEmpty();
    assertThat(snapshot(id, between(40, 40, five.time(4), five.time(4)))).contains("s-4");
    assertThat(snapshot(id, between(0, 40, five.time(4) + 1, Long.MAX_VALUE))).isEmpty();
  }

  private static SnapshotSelectionCriteria between(
      long fromSequenceNr, long toSequenceNr, long fromTime, long toTime) {
    return SnapshotSelectionCriteria.create(toSequenceNr, toTime, fromSequenceNr, fromTime);
  }

  private Optional<String> snapshot(String id, SnapshotSelectionCriteria criteria) {
    return load(store, id, criteria).map(found -> (String) found.snapshot());
  }

  @Test
  void findsAnOldOneAmongMany() {
    String id = newId();
    SnapshotMetadata third = SnapshotMetadata.apply(id, 0);
    for (int i = 1; i <= 100; i++) {
      SnapshotMetadata saved =
          i == 4 ? saveLater(id, i, "s-" + i, third.timestamp()) : save(store, id, i, "s-" + i);
      third = i == 3 ? saved : third;
    }
    assertThat(snapshot(id, upTo(Long.MAX_VALUE, third.timestamp()))).contains("s-3");
  }

  @Test
  void deletesOneOfAnyTimeOrOfATime() {
    Five five = saveFive();
    String id = five.id();
    delete(SnapshotMetadata.apply(id, 30, 0));
    delete(five.saved().get(3));
    delete(SnapshotMetadata.apply(id, 50, five.time(5) - 1));
    delete(SnapshotMetadata.apply(id, 60, 0));
    assertThat(all(id)).containsExactly("s-1", "s-2", "s-5");
    // What was deleted can be saved again.
    save(store, id, 30, "again");
    assertThat(all(id)).containsExactly("s-1", "s-2", "again", "s-5");
  }

  private void delete(SnapshotMetadata metadata) {
    Object answer = ask(store, new SnapshotProtocol.DeleteSnapshot(metadata));
    assertThat(answer).isNotInstanceOf(DeleteSnapshotFailure.class);
    assertThat(answer).isEqualTo(DeleteSnapshotSuccess.apply(metadata));
  }

  @Test
  void deletesAllThatMatch() {
    Five five = saveFive();
    String id = five.id();
    assertThat(all(deletedFrom(id, upTo(30, five.time(2))))).containsExactly("s-3", "s-4", "s-5");
    assertThat(all(deletedFrom(id, between(31, 40, 0, Long.MAX_VALUE))))
        .containsExactly("s-3", "s-5");
    assertThat(all(deletedFrom(id, SnapshotSelectionCriteria.none())))
        .containsExactly("s-3", "s-5");
    assertThat(all(deletedFrom(id, SnapshotSelectionCriteria.latest()))).isEmpty();
    save(store, id, 10, "again");
    assertThat(all(id)).containsExactly("again");
  }

  private String deletedFrom(String id, SnapshotSelectionCriteria criteria) {
    assertThat(ask(store, new SnapshotProtocol.DeleteSnapshots(id, criteria)))
        .isEqualTo(DeleteSnapshotsSuccess.apply(criteria));
    return id;
  }

  @Test
  void aSnapshotTakesThePlaceOfThoseAtItsSequenceNumber() {
    Five five = saveFive();
    String id = five.id();
    SnapshotMetadata second = saveLater(id, 50, "second", five.time(5));
    assertThat(latest(id)).contains(SelectedSnapshot.create(second, "second"));
    assertThat(snapshot(id, upTo(50, five.time(5)))).contains("s-4");
    assertThat(rows("snapshots", "persistence_id = '%s'".formatted(id))).hasSize(5);
  }

  @Test
  void aSnapshotTakesThePlaceOfOneWhoseIdIsAhead() {
    String id = newId();
    save(store, id, 5, "first");
    UUID first = rows("snapshots", "persistence_id = '%s'".formatted(id)).get(0).getUuid(2);
    UUID ahead = copyAhead(id, Duration.ofHours(1), " USING TIMESTAMP 1");
    save(store, id, 5, "second");
    assertThat(snapshot(id, SnapshotSelectionCriteria.latest())).contains("second");
    assertThat(rows("snapshots", "persistence_id = '%s'".formatted(id)))
        .singleElement()
        .satisfies(row -> assertThat(row.getUuid("snapshot_id")).isNotIn(first, ahead));
    // As somebody may have copied it, and further ahead than what was saved above the other.
    copyAhead(id, Duration.ofDays(3_650), "");
    save(chunking, id, 5, filled(3));
    assertThat(loaded(chunking, id)).isEqualTo(filled(3));
    save(store, id, 5, "third");
    assertThat(snapshot(id, SnapshotSelectionCriteria.latest())).contains("third");
    assertThat(rows("snapshots", "persistence_id = '%s'".formatted(id))).hasSize(1);
  }

  /** Copies the snapshot at 5, as a node would have saved it whose clock is ahead. */
  private UUID copyAhead(String id, Duration ahead, String writeTime) {
    UUID copy = Uuids.endOf(System.currentTimeMillis() + ahead.toMillis());
    CASSANDRA
        .session()
        .execute(
            "SELECT timestamp, chunks, ser_id, ser_manifest, payload FROM %s.snapshots WHERE persistence_id = '%s'"
                .formatted(keyspace, id))
        .forEach(
            row ->
                CASSANDRA
                    .session()
                    .execute(
                        "INSERT INTO %s.snapshots (persistence_id, seq_nr, snapshot_id, timestamp, chunks, ser_id, ser_manifest, payload) VALUES (?, 5, ?, ?, ?, ?, ?, ?)%s"
                            .formatted(keyspace, writeTime),
                        id,
                        copy,
                        row.getInstant(0),
                        row.getInt(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getByteBuffer(4)));
    return copy;
  }

  @Test
  void whatIsSavedBelowDeletedOnesIsKeptUntilItIsDeleted() {
    Five five = saveFive();
    String id = deletedFrom(five.id(), SnapshotSelectionCriteria.latest());
    assertThat(latest(id)).isEmpty();
    save(chunking, id, 10, filled(1));
    save(chunking, id, 10, filled(2));
    save(store, id, 20, "other");
    assertThat(load(chunking, id, upTo(10, Long.MAX_VALUE)).orElseThrow().snapshot())
        .isEqualTo(filled(2));
    List<Row> rows = rows("snapshots", "persistence_id = '%s'".formatted(id));
    assertThat(rows).hasSize(2);
    delete(SnapshotMetadata.apply(id, 10, 0));
    assertThat(all(id)).containsExactly("other");
    assertThat(all(deletedFrom(id, SnapshotSelectionCriteria.latest()))).isEmpty();
    UUID chunked = rows.get(1).getUuid("snapshot_id");
    assertThat(rows("snapshot_chunks", "snapshot_id = %s".formatted(chunked))).isEmpty();
  }

  @Test
  void aRowWithoutItsStateFails() {
    String id = newId();
    save(store, id, 1, "whole");
    CASSANDRA
        .session()
        .execute(
            "INSERT INTO %s.snapshots (persistence_id, seq_nr, snapshot_id, timestamp, chunks) VALUES ('%s', 2, %s, toTimestamp(now()), 0) USING TIMESTAMP 1"
                .formatted(keyspace, id, Uuids.timeBased()));
    assertThat(loadFailure(store, id)).hasMessageContainingAll(id, "at 2", "columns", "delete it");
    delete(SnapshotMetadata.apply(id, 2, 0));
    assertThat(snapshot(id, SnapshotSelectionCriteria.latest())).contains("whole");
  }

  @Test
  void keepsMetadata() {
    String id = newId();
    SnapshotMetadata metadata = SnapshotMetadata.apply(id, 7).withMetadata(new TestEvent("beside"));
    save(store, metadata, new TestEvent("state"));
    SelectedSnapshot found = latest(id).orElseThrow();
    assertThat(found.snapshot()).isEqualTo(new TestEvent("state"));
    assertThat(found.metadata().metadata().get()).isEqualTo(new TestEvent("beside"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 100 * CHUNK + 7})
  void keepsSnapshotsOfAnySize(int size) {
    String id = newId();
    byte[] bytes = bytes(size, size);
    save(chunking, id, 1, bytes);
    assertThat(loaded(chunking, id)).isEqualTo(bytes);
    // The size of chunks may change at any time.
    assertThat(loaded(store, id)).isEqualTo(bytes);
  }

  @Test
  void keepsSnapshotsUpToTheLimitAndRefusesLargerOnes() {
    String id = newId();
    byte[] bytes = bytes(MAX_BYTES, 1);
    save(store, id, 1, bytes);
    assertThat(saveFailure(SnapshotMetadata.apply(id, 2), new byte[MAX_BYTES + 1]))
        .hasMessageContainingAll("12,000,001", "12,000,000", "max-bytes", id);
    assertThat(loaded(store, id)).isEqualTo(bytes);
  }

  private byte[] loaded(ActorRef asked, String id) {
    return (byte[]) load(asked, id, SnapshotSelectionCriteria.latest()).orElseThrow().snapshot();
  }

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + i / 1_000 + seed);
    }
    return bytes;
  }

  @Test
  void doesNotSaveWhatCannotBeSerialized() {
    String id = saveFive().id();
    assertThat(saveFailure(SnapshotMetadata.apply(id, 50), new TestEvent(TestEvent.REFUSED)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(snapshot(id, SnapshotSelectionCriteria.latest())).contains("s-5");
  }

  @Test
  void largeSnapshotsReplaceEachOtherWhole() throws Exception {
    String id = newId();
    save(chunking, id, 1, filled(0));
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> IntStream.range(1, 100).forEach(i -> save(chunking, id, 1, filled(i))));
    int loads = 0;
    while (!writing.isDone() || loads == 0) {
      byte[] found = loaded(chunking, id);
      assertThat(found).isEqualTo(filled(found[0]));
      loads++;
    }
    Patience.get(writing);
    assertThat(loaded(chunking, id)).isEqualTo(filled(99));
    UUID snapshot =
        rows("snapshots", "persistence_id = '%s'".formatted(id)).get(0).getUuid("snapshot_id");
    assertThat(rows("snapshot_chunks", "snapshot_id = %s".formatted(snapshot))).hasSize(20);
  }

  @Test
  void oneOfManySavedAtTheSameTimeRemains() {
    String id = newId();
    for (int round = 1; round <= 20; round++) {
      int sequenceNr = round;
      List<CompletableFuture<SnapshotMetadata>> saves =
          IntStream.range(0, 4)
              .mapToObj(
                  i -> CompletableFuture.supplyAsync(() -> save(store, id, sequenceNr, "s-" + i)))
              .toList();
      saves.forEach(saved -> assertThat(get(saved).sequenceNr()).isEqualTo(sequenceNr));
      assertThat(latest(id).orElseThrow().metadata().sequenceNr()).isEqualTo(sequenceNr);
    }
    assertThat(rows("snapshots", "persistence_id = '%s'".formatted(id)))
        .hasSizeGreaterThanOrEqualTo(20);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[20 * CHUNK];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void chunksWithoutTheirRowAreNoSnapshotAndARowWithoutAllChunksFails() {
    String id = newId();
    save(chunking, id, 1, filled(1));
    Row row = rows("snapshots", "persistence_id = '%s'".formatted(id)).get(0);
    UUID snapshot = row.getUuid("snapshot_id");
    CASSANDRA
        .session()
        .execute(
            "DELETE FROM %s.snapshot_chunks USING TIMESTAMP 2 WHERE snapshot_id = %s AND chunk_nr = 7"
                .formatted(keyspace, snapshot));
    assertThat(loadFailure(chunking, id)).hasMessageContainingAll(id, "chunks are missing");

    delete(SnapshotMetadata.apply(id, 1, 0));
    assertThat(latest(id)).isEmpty();
    assertThat(rows("snapshot_chunks", "snapshot_id = %s".formatted(snapshot))).isEmpty();
  }

  @Test
  void aLongIdIsKept() {
    String id = "x".repeat(10_000) + new String(new byte[] {(byte) 0xc3, (byte) 0xa9}, UTF_8);
    save(store, id, 1, "state");
    assertThat(snapshot(id, SnapshotSelectionCriteria.latest())).contains("state");
  }

  private List<Row> rows(String table, String where) {
    return CASSANDRA
        .session()
        .execute("SELECT * FROM %s.%s WHERE %s".formatted(keyspace, table, where))
        .all();
  }

  @Test
  void saysWhichSnapshotCannotBeRead() {
    String id = newId();
    save(store, id, 7, new TestEvent("state"));
    UUID snapshotId =
        CASSANDRA
            .session()
            .execute(
                "SELECT snapshot_id FROM %s.snapshots WHERE persistence_id = ?".formatted(keyspace),
                id)
            .one()
            .getUuid(0);
    CASSANDRA
        .session()
        .execute(
            "UPDATE %s.snapshots SET payload = 0x00 WHERE persistence_id = ? AND seq_nr = 7 AND snapshot_id = ?"
                .formatted(keyspace),
            id,
            snapshotId);
    Object answer =
        ask(
            store,
            new SnapshotProtocol.LoadSnapshot(
                id, SnapshotSelectionCriteria.latest(), Long.MAX_VALUE));
    assertThat(((SnapshotProtocol.LoadSnapshotFailed) answer).cause())
        .hasMessageContainingAll(
            "the snapshot of '" + id + "' at 7",
            "serializer " + TestEventSerializer.IDENTIFIER,
            "'test-1'",
            "cannot be read");
  }
}
