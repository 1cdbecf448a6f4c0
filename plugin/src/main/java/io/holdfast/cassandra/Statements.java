// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Every statement on the tables, prepared once, with its consistency and whether the driver may
 * repeat it.
 */
final class Statements {
  /**
   * All columns of a row of {@code events}. Every read of the table selects all of them: a read at
   * quorum repairs the columns that it selects and no others, and would leave other replicas with
   * half a row.
   */
  static final String EVENT_COLUMNS =
      "seq_nr, payload, event_id, event_type, content_type, json, metadata, "
          + HeaderColumns.COLUMNS;

  /** Where a row's epoch stands behind these, in whichever of two columns is there. */
  static final int EPOCH = 20;

  private static final String EPOCHS = "writetime(header), writetime(batch_first_seq_nr)";

  private static final String LOG_COLUMNS =
      "position, batch_entries, settled_to, voided, after, adopted_entries, logged_at, batches,"
          + " adopted";

  // All columns here too, or a row could come about that has no owner.
  private static final String SELECT_ID_COLUMNS =
      "SELECT persistence_id, token(persistence_id), owner, epoch, head, deleted_to, properties"
          + " FROM %s.streams";

  private static final String SNAPSHOT_COLUMNS =
      "seq_nr, snapshot_id, timestamp, chunks, ser_id, ser_manifest, payload, meta_ser_id,"
          + " meta_ser_manifest, meta_payload";

  private static final String PARTITION = " WHERE persistence_id = ? AND partition_nr = ?";

  /**
   * The statements. Those that are conditional must not be repeated: the second try would see the
   * first one's effect.
   */
  enum Name {
    INSERT_EVENT(
        "INSERT INTO %s.events (persistence_id, partition_nr, seq_nr, header, payload)"
            + " VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?"),
    INSERT_STREAM_EVENT(
        "INSERT INTO %s.events (persistence_id, partition_nr, seq_nr, header, payload, event_id,"
            + " event_type, content_type, json, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " USING TIMESTAMP ?"),
    SELECT_EVENTS(
        "SELECT "
            + EVENT_COLUMNS
            + " FROM %s.events"
            + PARTITION
            + " AND seq_nr >= ? AND seq_nr <= ?"),
    SELECT_EVENTS_BACKWARDS(
        "SELECT "
            + EVENT_COLUMNS
            + " FROM %s.events"
            + PARTITION
            + " AND seq_nr >= ? AND seq_nr <= ? ORDER BY seq_nr DESC"),
    SELECT_LAST(
        "SELECT "
            + EVENT_COLUMNS
            + " FROM %s.events"
            + PARTITION
            + " AND seq_nr < ? ORDER BY seq_nr DESC LIMIT 1"),
    SELECT_BATCH(
        "SELECT "
            + EVENT_COLUMNS
            + ", "
            + EPOCHS
            + " FROM %s.events"
            + PARTITION
            + " AND seq_nr >= ? AND seq_nr <= ?"),
    SELECT_EPOCH(
        "SELECT "
            + EVENT_COLUMNS
            + ", "
            + EPOCHS
            + " FROM %s.events"
            + PARTITION
            + " AND seq_nr = ?"),
    DELETE_AFTER("DELETE FROM %s.events USING TIMESTAMP ?" + PARTITION + " AND seq_nr > ?"),
    DELETE_RANGE(
        "DELETE FROM %s.events USING TIMESTAMP ?" + PARTITION + " AND seq_nr > ? AND seq_nr <= ?"),
    SELECT_STREAM(
        "SELECT owner, epoch, head, deleted_to, properties FROM %s.streams"
            + " WHERE persistence_id = ?"),
    // No token is below the smallest, which the partitioner gives to nobody.
    SELECT_IDS(SELECT_ID_COLUMNS + " WHERE token(persistence_id) > -9223372036854775808"),
    SELECT_IDS_AFTER(SELECT_ID_COLUMNS + " WHERE token(persistence_id) > token(?)"),
    INSERT_STREAM(
        "INSERT INTO %s.streams (persistence_id, owner, epoch, head, deleted_to)"
            + " VALUES (?, ?, ?, 0, 0) IF NOT EXISTS"),
    TAKE_STREAM(
        "UPDATE %s.streams SET owner = ?, epoch = ?, head = ? WHERE persistence_id = ?"
            + " IF epoch = ? AND deleted_to = ? AND properties = ?"),
    RECORD_CHANGE(
        "UPDATE %s.streams SET deleted_to = ?, properties = ? WHERE persistence_id = ?"
            + " IF epoch = ?"),
    // Each row is written once and deleted once, by writers whose clocks may differ: fixed
    // timestamps
    // order the two.
    INSERT_REVOCATION(
        "INSERT INTO %s.revocations (writer_id, revocation_id, streams) VALUES (?, ?, ?)"
            + " USING TTL ? AND TIMESTAMP 1"),
    SELECT_REVOCATIONS("SELECT revocation_id, streams FROM %s.revocations WHERE writer_id = ?"),
    DELETE_REVOCATION(
        "DELETE FROM %s.revocations USING TIMESTAMP 2 WHERE writer_id = ? AND revocation_id = ?"),
    // Here too: a row is never written over another, but by itself.
    INSERT_LOG_ROW(
        "INSERT INTO %s.commit_log (writer_id, bucket, position, batch_entries, settled_to, voided,"
            + " after, adopted_entries, logged_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP 1"),
    SELECT_LOG(
        "SELECT "
            + LOG_COLUMNS
            + " FROM %s.commit_log WHERE writer_id = ? AND bucket = ? AND position >= ?"),
    SELECT_LOG_END(
        "SELECT "
            + LOG_COLUMNS
            + " FROM %s.commit_log WHERE writer_id = ? AND bucket = ? AND position < ?"
            + " ORDER BY position DESC LIMIT 1"),
    // Creates the row, or completes what is left of one.
    INSERT_WRITER(
        "UPDATE %s.writers SET writer_id = ?, address = ?, started_at = ?"
            + " WHERE bucket = ? AND number = ? IF writer_id = null"),
    SELECT_WRITERS(
        "SELECT number, writer_id, started_at, heartbeat, log_end, retired_at, address"
            + " FROM %s.writers WHERE bucket = ? AND number >= ?"),
    SELECT_WRITER(
        "SELECT number, writer_id, started_at, heartbeat, log_end, retired_at, address"
            + " FROM %s.writers WHERE bucket = ? AND number = ?"),
    UPDATE_HEARTBEAT(
        "UPDATE %s.writers SET heartbeat = ? WHERE bucket = ? AND number = ? IF writer_id = ?"),
    RETIRE_WRITER(
        "UPDATE %s.writers SET retired_at = ?, log_end = ? WHERE bucket = ? AND number = ?"
            + " IF writer_id = ? AND log_end = null"),
    INSERT_SNAPSHOT(
        "INSERT INTO %s.snapshots (persistence_id, seq_nr, snapshot_id, timestamp, chunks, ser_id,"
            + " ser_manifest, payload, meta_ser_id, meta_ser_manifest, meta_payload)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?"),
    INSERT_SNAPSHOT_CHUNK(
        "INSERT INTO %s.snapshot_chunks (snapshot_id, chunk_nr, payload) VALUES (?, ?, ?)"
            + " USING TIMESTAMP 1"),
    SELECT_SNAPSHOT_KEYS(
        "SELECT seq_nr, snapshot_id, timestamp, chunks, writetime(timestamp) FROM %s.snapshots"
            + " WHERE persistence_id = ? AND seq_nr >= ? AND seq_nr <= ?"),
    // All columns: a read repairs only the columns that it selects, and only what this one has
    // repaired may be loaded.
    SELECT_LATEST_SNAPSHOT(
        "SELECT "
            + SNAPSHOT_COLUMNS
            + " FROM %s.snapshots WHERE persistence_id = ? AND seq_nr >= ? AND seq_nr <= ? LIMIT 1"),
    SELECT_SNAPSHOT(
        "SELECT "
            + SNAPSHOT_COLUMNS
            + " FROM %s.snapshots WHERE persistence_id = ? AND seq_nr = ? AND snapshot_id = ?"),
    SELECT_SNAPSHOT_CHUNK(
        "SELECT payload FROM %s.snapshot_chunks WHERE snapshot_id = ? AND chunk_nr = ?"),
    DELETE_SNAPSHOT(
        "DELETE FROM %s.snapshots USING TIMESTAMP ?"
            + " WHERE persistence_id = ? AND seq_nr = ? AND snapshot_id = ?"),
    DELETE_SNAPSHOTS_BETWEEN(
        "DELETE FROM %s.snapshots USING TIMESTAMP ?"
            + " WHERE persistence_id = ? AND seq_nr > ? AND seq_nr < ?"),
    DELETE_SNAPSHOTS_BEFORE(
        "DELETE FROM %s.snapshots USING TIMESTAMP ?"
            + " WHERE persistence_id = ? AND seq_nr = ? AND snapshot_id < ?"),
    DELETE_SNAPSHOT_CHUNKS(
        "DELETE FROM %s.snapshot_chunks USING TIMESTAMP 2 WHERE snapshot_id = ?"),
    INSERT_SUBSCRIPTION(
        "INSERT INTO %s.subscriptions (name, instances, generation, begins_at, paused)"
            + " VALUES (?, ?, ?, ?, false) IF NOT EXISTS"),
    SELECT_SUBSCRIPTION(
        "SELECT instances, generation, begins_at, paused FROM %s.subscriptions WHERE name = ?"),
    RESET_SUBSCRIPTION(
        "UPDATE %s.subscriptions SET generation = ?, begins_at = ? WHERE name = ?"
            + " IF generation = ?"),
    PAUSE_SUBSCRIPTION(
        "UPDATE %s.subscriptions SET paused = ? WHERE name = ? IF generation != null"),
    SELECT_INSTANCE(
        "SELECT owner, generation, feed_offset, state, attempts, error, reported_at"
            + " FROM %s.subscription_instances WHERE name = ? AND instance = ?"),
    TAKE_INSTANCE(
        "UPDATE %s.subscription_instances SET owner = ? WHERE name = ? AND instance = ?"
            + " IF owner = ?"),
    KEEP_OFFSET(
        "UPDATE %s.subscription_instances SET generation = ?, feed_offset = ?, state = ?,"
            + " attempts = ?, error = ?, reported_at = ? WHERE name = ? AND instance = ?"
            + " IF owner = ?"),
    // As with revocations: a parked event is never brought back by a clock or a repeated request.
    INSERT_PARKED(
        "INSERT INTO %s.parked_events (name, instance, stream_id, version, generation,"
            + " feed_offset, attempts, error, parked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " USING TIMESTAMP 1"),
    SELECT_PARKED(
        "SELECT stream_id, version, generation, feed_offset, attempts, error, parked_at"
            + " FROM %s.parked_events WHERE name = ? AND instance = ?"),
    COUNT_PARKED("SELECT count(*) FROM %s.parked_events WHERE name = ? AND instance = ?"),
    DELETE_PARKED(
        "DELETE FROM %s.parked_events USING TIMESTAMP 2 WHERE name = ? AND instance = ?"
            + " AND stream_id = ? AND version = ? AND generation = ?"),
    SELECT_SETTING("SELECT value FROM %s.settings WHERE name = ?");

    private final String cql;

    Name(String cql) {
      this.cql = cql;
    }

    private boolean isConditional() {
      return switch (this) {
        case INSERT_STREAM,
            TAKE_STREAM,
            RECORD_CHANGE,
            INSERT_WRITER,
            UPDATE_HEARTBEAT,
            RETIRE_WRITER,
            INSERT_SUBSCRIPTION,
            RESET_SUBSCRIPTION,
            PAUSE_SUBSCRIPTION,
            TAKE_INSTANCE,
            KEEP_OFFSET ->
            true;
        default -> false;
      };
    }

    private SimpleStatement statement(CassandraSettings settings) {
      return SimpleStatement.newInstance(cql.formatted(settings.keyspace()))
          .setExecutionProfileName(settings.driverProfile())
          .setConsistencyLevel(settings.consistency().level)
          .setSerialConsistencyLevel(settings.consistency().serial)
          .setIdempotent(!isConditional());
    }
  }

  private final Map<Name, PreparedStatement> prepared;

  private Statements(Map<Name, PreparedStatement> prepared) {
    this.prepared = prepared;
  }

  static CompletionStage<Statements> prepare(CqlSession session, CassandraSettings settings) {
    Map<Name, PreparedStatement> prepared = new EnumMap<>(Name.class);
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (Name name : Name.values()) {
      all =
          all.thenCompose(done -> session.prepareAsync(name.statement(settings)))
              .thenAccept(statement -> prepared.put(name, statement));
    }
    return all.thenApply(done -> new Statements(prepared));
  }

  PreparedStatement get(Name name) {
    PreparedStatement statement = prepared.get(name);
    if (statement == null) {
      throw new IllegalStateException(name + " was not prepared");
    }
    return statement;
  }
}
