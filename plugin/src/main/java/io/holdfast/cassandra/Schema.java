// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The CQL that creates the keyspace and its tables. What each column means stands in {@code
 * docs/storage-format.md}.
 */
final class Schema {
  static final String SCHEMA_VERSION = "schema-version";
  static final String PARTITION_SIZE = "partition-size";
  static final String CONSISTENCY = "consistency";
  static final String FENCING = "fencing";
  static final String FEED = "feed";

  /** The data centre whose replicas make a quorum, if only one's do. */
  static final String LOCAL_DATACENTER = "local-datacenter";

  /** What offsets of the feed name the keyspace by: 16 hexadecimal digits, drawn at random. */
  static final String STORE_ID = "store-id";

  /** What the comment of the table {@code settings} begins with. */
  private static final String REPLICATION = "replication: ";

  /** The version of the tables below. Columns and tables may be added to a version. */
  static final int VERSION = 3;

  /** The earliest one; tables of it and of those after it are brought to this version at start. */
  static final int FIRST_VERSION = 1;

  /** Whether these tables can be used, perhaps after {@link #additions}. */
  static boolean isKnown(String version) {
    return IntStream.rangeClosed(FIRST_VERSION, VERSION)
        .anyMatch(known -> Integer.toString(known).equals(version));
  }

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
          value text)
        WITH read_repair = 'BLOCKING'""");
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
    if (version != null && !Integer.toString(VERSION).equals(version)) {
      // The last step: from then on, no node that does not know the new columns, or would read less
      // than whole rows, starts any more.
      additions.put(
          "%s %d".formatted(SCHEMA_VERSION, VERSION),
          changeSetting(SCHEMA_VERSION, version, Integer.toString(VERSION)));
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

  /** What the tables were made for and all nodes must have the same, by name. */
  Map<String, String> storedSettings() {
    Map<String, String> stored = new LinkedHashMap<>();
    stored.put(SCHEMA_VERSION, Integer.toString(VERSION));
    stored.put(PARTITION_SIZE, Integer.toString(settings.partitionSize()));
    stored.put(CONSISTENCY, settings.consistency().setting());
    stored.put(FENCING, onOff(settings.fencing()));
    stored.put(FEED, onOff(settings.feed()));
    return stored;
  }

  private static String onOff(boolean flag) {
    return flag ? "on" : "off";
  }

  /** The statement that stores each of them, unless it is stored. */
  List<String> insertSettings() {
    return storedSettings().entrySet().stream()
        .map(setting -> insertSetting(setting.getKey(), setting.getValue()))
        .toList();
  }

  String insertSetting(String name, String value) {
    return "INSERT INTO %s.settings (name, value) VALUES ('%s', '%s') IF NOT EXISTS"
        .formatted(settings.keyspace(), name, quoted(value));
  }

  /** The statement by which people change a setting on purpose. */
  String changeSetting(String name, String from, String to) {
    return "UPDATE %s.settings SET value = '%s' WHERE name = '%s' IF value = '%s'"
        .formatted(settings.keyspace(), quoted(to), name, quoted(from));
  }

  /**
   * The statement that records the replication that all stored rows have: when it changes, only
   * people know of a repair. It stands in the schema, which every node of Cassandra has: a row
   * would have just the replicas in question.
   */
  String recordReplication(Replication replication) {
    return "ALTER TABLE %s.settings WITH %s".formatted(settings.keyspace(), comment(replication));
  }

  private static String comment(Replication replication) {
    return "comment = '%s%s'".formatted(REPLICATION, quoted(replication.toString()));
  }

  /** Whether Cassandra puts the data centres that there are in the place of a single number. */
  private static boolean isExpanded(Map<String, String> replication) {
    return replication.getOrDefault("class", "").endsWith("NetworkTopologyStrategy")
        && replication.containsKey("replication_factor");
  }

  /**
   * What was recorded; empty if nothing was.
   *
   * @param comment of the table {@code settings}
   */
  static Optional<Replication> recordedReplication(@Nullable String comment) {
    return comment != null && comment.startsWith(REPLICATION)
        ? Optional.of(Replication.parse(comment.substring(REPLICATION.length())))
        : Optional.empty();
  }

  private static String quoted(String value) {
    return value.replace("'", "''");
  }

  /** Everything, as a script for {@code cqlsh}. */
  String script() {
    List<String> statements = new ArrayList<>();
    statements.add(createKeyspace());
    Map<String, String> tables = createTables();
    if (!isExpanded(settings.replication())) {
      tables.computeIfPresent(
          "settings",
          (name, statement) ->
              "%s\nAND %s".formatted(statement, comment(Replication.of(settings.replication()))));
    }
    statements.addAll(tables.values());
    statements.addAll(insertSettings());
    return String.join(";\n\n", statements) + ";\n";
  }
}
