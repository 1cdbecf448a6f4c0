// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the tables are there, of our version and for our partition size. What is missing
 * is created, or, where {@code schema.create = off}, refused.
 */
final class SchemaSetup {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaSetup.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final CqlSession session;
  private final CassandraSettings settings;
  private final Schema schema;

  SchemaSetup(CqlSession session, CassandraSettings settings) {
    this.session = session;
    this.settings = settings;
    this.schema = new Schema(settings);
  }

  /** Fails with an {@link IllegalStateException} that says what is wrong and what to do. */
  CompletionStage<Void> run() {
    return existing()
        .thenCompose(
            existing -> versionOf(existing).thenCompose(version -> create(existing, version)))
        .thenCompose(done -> readSettings())
        .thenCompose(this::check);
  }

  /** The tables, and as {@code table.column} their columns. */
  private CompletionStage<Set<String>> existing() {
    return execute(
            "SELECT table_name, column_name FROM system_schema.columns WHERE keyspace_name = '%s'"
                .formatted(settings.keyspace()))
        .thenApply(
            rows -> {
              Set<String> names = new HashSet<>();
              for (Row row : rows.currentPage()) {
                String table = String.valueOf(row.getString(0));
                names.add(table);
                names.add(table + "." + row.getString(1));
              }
              return names;
            });
  }

  /** Nothing must be added to the tables of another version. */
  private CompletionStage<@Nullable String> versionOf(Set<String> existing) {
    return existing.contains("settings")
        ? readSettings()
            .thenApply(
                stored -> {
                  checkVersion(stored);
                  return stored.get(Schema.SCHEMA_VERSION);
                })
        : completedFuture(null);
  }

  private CompletionStage<Void> create(Set<String> existing, @Nullable String version) {
    Map<String, String> missing = schema.additions(existing, version);
    if (missing.isEmpty()) {
      return completedFuture(null);
    }
    if (!settings.createSchema()) {
      throw new IllegalStateException(
          ("keyspace '%s' lacks %s, and holdfast.cassandra.schema.create is off. Create what is missing: %s;"
                  + " io.holdfast.cassandra.PrintSchema prints it all")
              .formatted(
                  settings.keyspace(), missing.keySet(), String.join("; ", missing.values())));
    }
    LOG.info(
        "Creating {} in keyspace {}, replication {}",
        missing.keySet(),
        settings.keyspace(),
        settings.replication());
    // The driver would read the schema anew after each statement, and waits a second for more to
    // come.
    session.setSchemaMetadataEnabled(false);
    CompletionStage<?> created =
        execute(
                "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = '%s'"
                    .formatted(settings.keyspace()))
            .thenCompose(
                rows ->
                    rows.one() == null ? execute(schema.createKeyspace()) : completedFuture(rows));
    for (String statement : missing.values()) {
      created = created.thenCompose(done -> execute(statement));
    }
    return created
        .thenCompose(done -> session.checkSchemaAgreementAsync())
        .thenCompose(done -> insertSettings())
        .thenCompose(done -> session.setSchemaMetadataEnabled(null))
        .thenApply(done -> null);
  }

  private CompletionStage<Void> insertSettings() {
    CompletionStage<Void> inserted = completedFuture(null);
    for (String statement : schema.insertSettings()) {
      inserted = inserted.thenCompose(done -> execute(statement)).thenApply(done -> null);
    }
    return inserted;
  }

  /** The table {@code settings}, by name. */
  private CompletionStage<Map<String, String>> readSettings() {
    return execute(
            "SELECT name, value FROM %s.settings WHERE name IN ('%s')"
                .formatted(
                    settings.keyspace(), String.join("', '", schema.storedSettings().keySet())))
        .thenApply(
            rows -> {
              Map<String, String> stored = new HashMap<>();
              rows.currentPage()
                  .forEach(
                      row ->
                          stored.put(
                              String.valueOf(row.getString(0)), String.valueOf(row.getString(1))));
              return stored;
            });
  }

  private CompletionStage<Void> check(Map<String, String> stored) {
    if (!stored.keySet().containsAll(schema.storedSettings().keySet())) {
      if (!settings.createSchema()) {
        throw new IllegalStateException(
            ("keyspace '%s' lacks a row in its table settings: it has %s. Start once with"
                    + " holdfast.cassandra.schema.create = on, or run: %s")
                .formatted(
                    settings.keyspace(),
                    stored.keySet(),
                    String.join("; ", schema.insertSettings())));
      }
      return insertSettings().thenCompose(done -> readSettings()).thenCompose(this::check);
    }
    checkVersion(stored);
    checkPartitionSize(stored);
    return completedFuture(null);
  }

  private void checkVersion(Map<String, String> stored) {
    String version = stored.get(Schema.SCHEMA_VERSION);
    if (version != null && !Schema.isKnown(version)) {
      throw new IllegalStateException(
          ("keyspace '%s' has the tables of schema version %s, but this version of Holdfast knows versions %d to %d: use"
                  + " the version of Holdfast that made them, or a keyspace of its own (holdfast.cassandra.keyspace)")
              .formatted(settings.keyspace(), version, Schema.FIRST_VERSION, Schema.VERSION));
    }
  }

  private void checkPartitionSize(Map<String, String> stored) {
    String size = stored.get(Schema.PARTITION_SIZE);
    if (!Integer.toString(settings.partitionSize()).equals(size)) {
      throw new IllegalStateException(
          "keyspace '%s' was created with partition-size %s, but holdfast.cassandra.partition-size is %d; it cannot change once events are stored: set it back to %s"
              .formatted(settings.keyspace(), size, settings.partitionSize(), size));
    }
  }

  private CompletionStage<AsyncResultSet> execute(String cql) {
    return session.executeAsync(
        SimpleStatement.newInstance(cql)
            .setExecutionProfileName(settings.driverProfile())
            .setConsistencyLevel(settings.consistency().level)
            .setSerialConsistencyLevel(settings.consistency().serial)
            .setTimeout(TIMEOUT));
  }
}
