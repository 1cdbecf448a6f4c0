// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The CQL that creates the keyspace and its tables. What each column means stands in {@code
 * docs/storage-format.md}.
 */
final class Schema {
  static final String SCHEMA_VERSION = "schema-version";
  static final String PARTITION_SIZE = "partition-size";

  /** The version of the tables below. Columns and tables may be added to a version. */
  static final int VERSION = 2;

  /** The one before, whose tables are brought to this version at start. */
  static final int FORMER_VERSION = 1;

  /**
   * Of the tables that only grow. By default Cassandra compacts all that is below 50 MiB together,
   * however different in size: what compresses well would be written again with each few flushes.
   */
  private static final String COMPACTION =
      " AND compaction = {'class': 'SizeTieredCompactionStrategy', 'min_sstable_size': '1048576'}";

  private final CassandraSettings settings;

  Schema(CassandraSettings settings) {
    this.settings = settings;
  }

  String createKeyspace() {
    StringJoiner options = new StringJoiner(", ", "{", "}");
    settings.replication().forEach((key, value) -> options.add("'%s': '%s'".formatted(key, value)));
    return "CREATE KEYSPACE IF NOT EXISTS %s\nWITH replication = %s"
        .formatted(settings.keyspace(), options);
  }

  /**
   * The statement that creates each table, by the table's name, in the order in which to run them.
   */
  Map<String, String> createTables() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put(
        "events",
        """
        CREATE TABLE IF NOT EXISTS %s.events (
          persistence_id text,
          partition_nr bigint,
          seq_nr bigint,
          header blob,
          batch_first_seq_nr bigint,
          writer_id timeuuid,
          log_position bigint,
          timestamp timestamp,
          event_id text,
          event_type text,
          content_type text,
          json text,
          metadata text,
          payload blob,
          ser_id int,
          ser_manifest text,
          manifest text,
          writer_uuid text,
          tags set<text>,
          meta_ser_id int,
          meta_ser_manifest text,
          meta_payload blob,
          PRIMARY KEY ((persistence_id, partition_nr), seq_nr))
        WITH read_repair = 'BLOCKING'"""
            + COMPACTION);
    tables.put(
        "streams",
        """
        CREATE TABLE IF NOT EXISTS %s.streams (
          persistence_id text PRIMARY KEY,
          owner timeuuid,
          epoch bigint,
          head bigint,
          deleted_to bigint,
          properties text)
        WITH read_repair = 'BLOCKING'""");
    tables.put(
        "revocations",
        """
        CREATE TABLE IF NOT EXISTS %s.revocations (
          writer_id timeuuid,
          revocation_id timeuuid,
          streams frozen<map<text, bigint>>,
          PRIMARY KEY (writer_id, revocation_id))
        WITH read_repair = 'BLOCKING' AND gc_grace_seconds = 10800""");
    tables.put(
        "commit_log",
        """
        CREATE TABLE IF NOT EXISTS %s.commit_log (
          writer_id timeuuid,
          bucket bigint,
          position bigint,
          batches frozen<list<tuple<text, bigint, bigint, bigint, set<text>, set<text>>>>,
          settled_to bigint,
          voided frozen<map<bigint, set<int>>>,
          after frozen<map<timeuuid, bigint>>,
          adopted frozen<list<tuple<text, bigint, bigint, bigint, set<text>, set<text>>>>,
          logged_at timestamp,
          batch_entries blob,
          adopted_entries blob,
          PRIMARY KEY ((writer_id, bucket), position))
        WITH read_repair = 'BLOCKING'"""
            + COMPACTION);
    tables.put(
        "writers",
        """
        CREATE TABLE IF NOT EXISTS %s.writers (
          bucket bigint,
          number bigint,
          writer_id timeuuid,
          address text,
          started_at timestamp,
          heartbeat timestamp,
          retired_at timestamp,
          log_end bigint,
          PRIMARY KEY (bucket, number))
        WITH read_repair = 'BLOCKING'""");
    tables.put(
        "snapshots",
        """
        CREATE TABLE IF NOT EXISTS %s.snapshots (
          persistence_id text,
          seq_nr bigint,
          snapshot_id timeuuid,
          timestamp timestamp,
          chunks int,
          ser_id int,
          ser_manifest text,
          payload blob,
          meta_ser_id int,
          meta_ser_manifest text,
          meta_payload blob,
          PRIMARY KEY (persistence_id, seq_nr, snapshot_id))
        WITH CLUSTERING ORDER BY (seq_nr DESC, snapshot_id DESC) AND read_repair = 'BLOCKING'""");
    tables.put(
        "snapshot_chunks",
        """
        CREATE TABLE IF NOT EXISTS %s.snapshot_chunks (
          snapshot_id timeuuid,
          chunk_nr int,
          payload blob,
          PRIMARY KEY (snapshot_id, chunk_nr))
        WITH read_repair = 'BLOCKING'""");
    tables.put(
        "subscriptions",
        """
        CREATE TABLE IF NOT EXISTS %s.subscriptions (
          name text PRIMARY KEY,
          instances int,
          generation timeuuid,
          begins_at text,
          paused boolean)
        WITH read_repair = 'BLOCKING'""");
    tables.put(
        "subscription_instances",
        """
        CREATE TABLE IF NOT EXISTS %s.subscription_instances (
          name text,
          instance int,
          owner timeuuid,
          generation timeuuid,
          feed_offset text,
          state text,
          attempts int,
          error text,
          reported_at timestamp,
          PRIMARY KEY ((name, instance)))
        WITH read_repair = 'BLOCKING'""");
    tables.put(
        "parked_events",
        """
        CREATE TABLE IF NOT EXISTS %s.parked_events (
          name text,
          instance int,
          stream_id text,
          version bigint,
          generation timeuuid,
          feed_offset text,
          attempts int,
          error text,
          parked_at timestamp,
          PRIMARY KEY ((name, instance), stream_id, version, generation))
        WITH read_repair = 'BLOCKING'""");
    tables.put(
        "settings",
        """
        CREATE TABLE IF NOT EXISTS %s.settings (
          name text PRIMARY KEY,
          value text)""");
    tables.replaceAll((name, statement) -> statement.formatted(settings.keyspace()));
    return tables;
  }

  /**
   * The statements that add what is missing, in the order in which to run them, by the name of the
   * table, or of the column that its table lacks because an earlier version of Holdfast made it.
   *
   * @param existing the tables, and as {@code table.column} their columns
   * @param version the version that is stored; null if none is
   */
  Map<String, String> additions(Set<String> existing, @Nullable String version) {
    Map<String, String> additions = createTables();
    additions.keySet().removeAll(existing);
    addColumn(additions, existing, "events", "header", "blob");
    addColumn(additions, existing, "streams", "properties", "text");
    addColumn(additions, existing, "commit_log", "batch_entries", "blob");
    addColumn(additions, existing, "commit_log", "adopted_entries", "blob");
    if (Integer.toString(FORMER_VERSION).equals(version)) {
      // The last step: from then on, no node that does not know the new columns starts any more.
      additions.put(
          "%s %d".formatted(SCHEMA_VERSION, VERSION),
          "UPDATE %s.settings SET value = '%d' WHERE name = '%s' IF value = '%s'"
              .formatted(settings.keyspace(), VERSION, SCHEMA_VERSION, version));
    }
    return additions;
  }

  private void addColumn(
      Map<String, String> additions,
      Set<String> existing,
      String table,
      String column,
      String type) {
    String name = table + "." + column;
    if (existing.contains(table) && !existing.contains(name)) {
      additions.put(
          name,
          "ALTER TABLE %s.%s ADD IF NOT EXISTS %s %s"
              .formatted(settings.keyspace(), table, column, type));
    }
  }

  /** What the tables were made for, by name: none of it may change once events are stored. */
  Map<String, Integer> storedSettings() {
    Map<String, Integer> stored = new LinkedHashMap<>();
    stored.put(SCHEMA_VERSION, VERSION);
    stored.put(PARTITION_SIZE, settings.partitionSize());
    return stored;
  }

  /** The statement that stores each of them, unless it is stored. */
  List<String> insertSettings() {
    return storedSettings().entrySet().stream()
        .map(
            setting ->
                "INSERT INTO %s.settings (name, value) VALUES ('%s', '%d') IF NOT EXISTS"
                    .formatted(settings.keyspace(), setting.getKey(), setting.getValue()))
        .toList();
  }

  /** Everything, as a script for {@code cqlsh}. */
  String script() {
    List<String> statements = new ArrayList<>();
    statements.add(createKeyspace());
    statements.addAll(createTables().values());
    statements.addAll(insertSettings());
    return String.join(";\n\n", statements) + ";\n";
  }
}
