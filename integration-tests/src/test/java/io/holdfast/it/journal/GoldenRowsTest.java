// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedPayload;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rows of each schema version, as they were stored once and must be readable for ever. A change
 * that fails here breaks what users have stored: it takes a new version of the schema.
 */
class GoldenRowsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      """
      holdfast.cassandra.partition-size = 4
      holdfast.journal.max-batch-size = 4
      holdfast.snapshot-store.chunk-size = 1 KiB
      """;
  private static final String ID = "golden-ü";
  private static final long TIME = Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli();
  private static final String LARGE = "x".repeat(1_500);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What differs from one run to the next. */
  private static final Set<String> DRAWN = Set.of("writer_id", "snapshot_id");

  /** The rows' events; 3 was rejected, and is a filler. */
  private static List<PersistentRepr> events() {
    PersistentRepr plain = JournalSystem.event(ID, 1, new TestEvent("one"));
    return List.of(
        plain.withTimestamp(TIME),
        JournalSystem.event(ID, 2, new Tagged(new TestEvent("two"), Set.of("red", "blue")))
            .withManifest("adapter-1")
            .withTimestamp(TIME + 1)
            .withMetadata("by hand"),
        JournalSystem.event(
            ID, 4, stream(SerializedPayload.JSON, "{\"total\":4}", "{\"userId\":\"u\"}")),
        JournalSystem.event(ID, 5, stream("text/plain", "five", null)));
  }

  private static RecordedEvent stream(
      String contentType, String payload, @Nullable String metadata) {
    return new RecordedEvent(
        new EventData(
            "id-" + contentType,
            "OrderPlaced",
            new SerializedPayload(contentType, ByteString.fromString(payload)),
            metadata),
        TIME + 2);
  }

  private static List<JsonNode> golden(int version) throws IOException {
    String name = "/golden-rows-%d.jsonl".formatted(version);
    try (InputStream file =
        Objects.requireNonNull(GoldenRowsTest.class.getResourceAsStream(name))) {
      List<JsonNode> rows = new ArrayList<>();
      for (String line : new String(file.readAllBytes(), UTF_8).lines().toList()) {
        rows.add(JSON.readTree(line));
      }
      return rows;
    }
  }

  private static ActorRef snapshots(JournalSystem journal) {
    return Persistence.get(journal.system())
        .snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
  }

  private static <T> T ask(JournalSystem journal, Object request, Class<T> answer) {
    TestKit probe = new TestKit(journal.system());
    snapshots(journal).tell(request, probe.getRef());
    return answer.cast(probe.receiveOne(Patience.LIMIT));
  }

  private static Object snapshot(JournalSystem journal, long sequenceNr) {
    return ask(
            journal,
            new SnapshotProtocol.LoadSnapshot(
                ID, SnapshotSelectionCriteria.create(sequenceNr, Long.MAX_VALUE), Long.MAX_VALUE),
            SnapshotProtocol.LoadSnapshotResult.class)
        .snapshot()
        .get()
        .snapshot();
  }

  private static void create(String keyspace) {
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      journal.replay("nobody");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsTheRowsOfEveryVersion(int version) throws Exception {
    String keyspace = CASSANDRA.newKeyspaceName();
    create(keyspace);
    for (JsonNode golden : golden(version)) {
      CASSANDRA
          .session()
          .execute(
              "INSERT INTO %s.%s JSON ? USING TIMESTAMP %d"
                  .formatted(
                      keyspace, golden.get("table").asText(), golden.get("timestamp").asLong()),
              golden.get("row").toString());
    }
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, SETTINGS)) {
      JournalSystem.Replayed replayed = journal.replay(ID);
      assertThat(replayed.highestSequenceNr()).isEqualTo(5);
      List<PersistentRepr> written = events();
      assertThat(replayed.events()).hasSize(4);
      for (int i = 0; i < 4; i++) {
        PersistentRepr read = replayed.events().get(i);
        PersistentRepr event = written.get(i);
        assertThat(read.sequenceNr()).isEqualTo(event.sequenceNr());
        assertThat(read.payload())
            .isEqualTo(
                event.payload() instanceof Tagged tagged ? tagged.payload() : event.payload());
        assertThat(read.manifest()).isEqualTo(event.manifest());
        assertThat(read.metadata()).isEqualTo(event.metadata());
        assertThat(read.writerUuid()).isEqualTo(event.writerUuid());
      }
      assertThat(replayed.events().get(1).timestamp()).isEqualTo(TIME + 1);
      assertThat(snapshot(journal, 4)).isEqualTo("small");
      assertThat(snapshot(journal, 5)).isEqualTo(LARGE);
      journal.store(ID, 6, "more");
      assertThat(journal.replay(ID).highestSequenceNr()).isEqualTo(6);
    }
  }

  @Test
  void writesTheRowsOfTheLatestVersion() throws Exception {
    String keyspace = CASSANDRA.newKeyspaceName();
    // The golden rows are of a writer without a log: the position in it depends on the time.
    String settings = SETTINGS + "holdfast.journal.feed = off";
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, settings)) {
      List<PersistentRepr> events = events();
      journal.write(JournalSystem.atomic(events.subList(0, 2)));
      journal.write(
          JournalSystem.atomic(ID, 3, "refused"), JournalSystem.atomic(events.subList(2, 4)));
      for (int sequenceNr = 4; sequenceNr <= 5; sequenceNr++) {
        ask(
            journal,
            new SnapshotProtocol.SaveSnapshot(
                SnapshotMetadata.apply(ID, sequenceNr), sequenceNr == 4 ? "small" : LARGE),
            SaveSnapshotSuccess.class);
      }
    }
    List<JsonNode> expected = new ArrayList<>();
    for (JsonNode golden : golden(3)) {
      if (!golden.get("table").asText().equals("streams")) {
        expected.add(comparable(golden.get("table").asText(), golden.get("row")));
      }
    }
    assertThat(stored(keyspace)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<JsonNode> stored(String keyspace) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String table : List.of("events", "snapshots", "snapshot_chunks")) {
      for (Row row :
          CASSANDRA.session().execute("SELECT JSON * FROM %s.%s".formatted(keyspace, table))) {
        rows.add(comparable(table, JSON.readTree(row.getString(0))));
      }
    }
    return rows;
  }

  private static JsonNode comparable(String table, JsonNode row) {
    ObjectNode comparable = row.deepCopy();
    comparable.remove(DRAWN);
    if (table.equals("events")) {
      // The header: a byte, the batch's first sequence number, then the writer's id.
      comparable.put(
          "header", comparable.get("header").asText().replaceAll("^(.{20}).{32}", "$1…"));
    }
    comparable.properties().removeIf(column -> column.getValue().isNull());
    if (table.equals("snapshots")) {
      comparable.remove("timestamp");
    }
    return comparable.put("table", table);
  }
}
