// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the tables are there and that they were made for our partition size. What is
 * missing is created, or, where {@code schema.create = off}, refused.
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
    return existingTables()
        .thenCompose(
            existing -> {
              Set<String> missing = new TreeSet<>(schema.createTables().keySet());
              missing.removeAll(existing);
              return missing.isEmpty() ? completedFuture(null) : create(missing);
            })
        .thenCompose(done -> readPartitionSize())
        .thenCompose(this::checkPartitionSize);
  }

  private CompletionStage<Set<String>> existingTables() {
    return execute(
            "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '%s'"
                .formatted(settings.keyspace()))
        .thenApply(
            rows -> {
              Set<String> names = new HashSet<>();
              for (Row row : rows.currentPage()) {
                names.add(String.valueOf(row.getString(0)));
              }
              return names;
            });
  }

  private CompletionStage<Void> create(Set<String> missing) {
    if (!settings.createSchema()) {
      throw new IllegalStateException(
          ("keyspace '%s' lacks the tables %s, and holdfast.cassandra.schema.create is off. Create them with the CQL"
                  + " that io.holdfast.cassandra.PrintSchema prints")
              .formatted(settings.keyspace(), missing));
    }
    LOG.info(
        "Creating tables {} in keyspace {}, replication {}",
        missing,
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
    for (Map.Entry<String, String> table : schema.createTables().entrySet()) {
      if (missing.contains(table.getKey())) {
        created = created.thenCompose(done -> execute(table.getValue()));
      }
    }
    return created
        .thenCompose(done -> session.checkSchemaAgreementAsync())
        .thenCompose(done -> execute(schema.insertPartitionSize()))
        .thenCompose(done -> session.setSchemaMetadataEnabled(null))
        .thenApply(done -> null);
  }

  private CompletionStage<String> readPartitionSize() {
    return execute(
            "SELECT value FROM %s.settings WHERE name = '%s'"
                .formatted(settings.keyspace(), Schema.PARTITION_SIZE))
        .thenApply(
            rows -> {
              Row row = rows.one();
              return row == null ? "" : String.valueOf(row.getString(0));
            });
  }

  private CompletionStage<Void> checkPartitionSize(String stored) {
    if (stored.isEmpty() && settings.createSchema()) {
      return execute(schema.insertPartitionSize())
          .thenCompose(done -> readPartitionSize())
          .thenCompose(this::checkPartitionSize);
    }
    if (!stored.equals(Integer.toString(settings.partitionSize()))) {
      throw new IllegalStateException(
          stored.isEmpty()
              ? "keyspace '%s' has no partition size in its table settings; run: %s"
                  .formatted(settings.keyspace(), schema.insertPartitionSize())
              : "keyspace '%s' was created with partition-size %s, but holdfast.cassandra.partition-size is %d; it cannot change once events are stored: set it back to %s"
                  .formatted(settings.keyspace(), stored, settings.partitionSize(), stored));
    }
    return completedFuture(null);
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
