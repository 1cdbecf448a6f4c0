// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the tables are there, of our version and as all nodes use them. What is missing
 * is created, or, where {@code schema.create = off}, refused; so is what breaks the guarantees.
 */
final class SchemaSetup {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaSetup.class);

  private final CqlSession session;
  private final CassandraSettings settings;
  private final StorageDemands demands;
  private final Schema schema;
  private final SetupRequests requests;
  private final StoredSettings stored;

  SchemaSetup(CqlSession session, CassandraSettings settings, StorageDemands demands) {
    this.session = session;
    this.settings = settings;
    this.demands = demands;
    this.schema = new Schema(settings);
    this.requests = new SetupRequests(session, settings);
    this.stored = new StoredSettings(requests, settings);
  }

  /**
   * Completes with the store's id; fails with an {@link IllegalStateException} that says what is
   * wrong and what to do.
   */
  CompletionStage<String> run() {
    return completedFuture(new DriverCheck(session, settings))
        .thenApply(DriverCheck::run)
        .thenCompose(
            datacenter ->
                replicationIsRecorded(datacenter)
                    // Whoever is refused leaves everything as it was.
                    .thenCompose(recorded -> checkTables().thenApply(done -> recorded))
                    .thenCompose(recorded -> complete(recorded, datacenter))
                    .thenCompose(done -> stored.agree(datacenter)));
  }

  private CompletionStage<Void> complete(boolean recorded, Optional<String> datacenter) {
    return existing()
        .thenCompose(
            existing ->
                versionOf(existing, datacenter)
                    .thenApply(version -> schema.additions(existing, version)))
        .thenCompose(
            missing -> {
              if (recorded && missing.isEmpty()) {
                return completedFuture(null);
              }
              // The driver would read the schema anew after each statement, and waits a second for
              // more to come.
              session.setSchemaMetadataEnabled(false);
              return create(missing, datacenter)
                  .thenCompose(
                      done -> recorded ? completedFuture(null) : recordReplication(datacenter))
                  .thenCompose(done -> session.setSchemaMetadataEnabled(null))
                  .thenApply(done -> null);
            });
  }

  /** The tables, and as {@code table.column} their columns. */
  private CompletionStage<Set<String>> existing() {
    return requests
        .rows(
            "SELECT table_name, column_name FROM system_schema.columns WHERE keyspace_name = '%s'"
                .formatted(settings.keyspace()))
        .thenApply(
            rows -> {
              Set<String> names = new HashSet<>();
              for (Row row : rows) {
                String table = String.valueOf(row.getString(0));
                names.add(table);
                names.add(table + "." + row.getString(1));
              }
              return names;
            });
  }

  /** Nothing must be added to the tables of another version. */
  private CompletionStage<@Nullable String> versionOf(
      Set<String> existing, Optional<String> datacenter) {
    return existing.contains("settings")
        ? stored
            .read()
            .thenApply(
                found -> {
                  stored.checkFound(found, datacenter);
                  return found.get(Schema.SCHEMA_VERSION);
                })
        : completedFuture(null);
  }

  private CompletionStage<Void> create(Map<String, String> missing, Optional<String> datacenter) {
    if (missing.isEmpty()) {
      return completedFuture(null);
    }
    if (!settings.createSchema()) {
      throw new IllegalStateException(
          ("keyspace '%s' lacks %s, and %s is off. Create what is missing: %s;"
                  + " io.holdfast.cassandra.PrintSchema %s prints it all")
              .formatted(
                  settings.keyspace(),
                  missing.keySet(),
                  settings.path("cassandra.schema.create"),
                  String.join("; ", missing.values()),
                  settings.store()));
    }
    LOG.info(
        "Creating {} in keyspace {}, replication {}",
        missing.keySet(),
        settings.keyspace(),
        settings.replication());
    CompletionStage<AsyncResultSet> created =
        requests
            .execute(
                "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = '%s'"
                    .formatted(settings.keyspace()))
            .thenCompose(
                rows -> rows.one() == null ? createKeyspace(datacenter) : completedFuture(rows));
    for (String statement : missing.values()) {
      created = created.thenCompose(done -> requests.execute(statement));
    }
    return created.thenCompose(done -> session.checkSchemaAgreementAsync()).thenApply(done -> null);
  }

  /**
   * Not with more replicas than there can be: it would stay so, also where the setting is mended.
   */
  private CompletionStage<AsyncResultSet> createKeyspace(Optional<String> datacenter) {
    Replication replication = Replication.of(settings.replication());
    Map<String, Integer> nodes = new HashMap<>();
    nodes(datacenter)
        .forEach(node -> nodes.merge(String.valueOf(node.getDatacenter()), 1, Integer::sum));
    // A data centre that does not exist is Cassandra's to refuse.
    Replication.Placed placed = replication.place(nodes);
    if (placed.quorum() > placed.possible()) {
      throw new FenceException(
          "Not enough replicas: keyspace '%s' would need at least %d of them to answer (%s = %s), and there can be %d on Cassandra's %d node(s)%s. Start more, or set fewer replicas"
              .formatted(
                  settings.keyspace(),
                  placed.quorum(),
                  settings.path("cassandra.schema.replication"),
                  replication,
                  placed.possible(),
                  nodes.values().stream().mapToInt(Integer::intValue).sum(),
                  datacenter.map(" in the data centre '%s'"::formatted).orElse("")),
          Effect.NONE);
    }
    return requests.execute(schema.createKeyspace());
  }

  /**
   * Whether the replication that all stored rows have is recorded; fails if the present one is
   * another, with which a quorum need not have what is stored. So nothing is read from the tables
   * before.
   */
  private CompletionStage<Boolean> replicationIsRecorded(Optional<String> datacenter) {
    return requests
        .execute(
            "SELECT comment FROM system_schema.tables WHERE keyspace_name = '%s' AND table_name = 'settings'"
                .formatted(settings.keyspace()))
        .thenCompose(
            rows -> {
              Row table = rows.one();
              Optional<Replication> recorded =
                  table == null ? Optional.empty() : Schema.recordedReplication(table.getString(0));
              return recorded.isEmpty()
                  ? completedFuture(false)
                  : checkReplication(recorded, datacenter).thenApply(live -> true);
            });
  }

  private CompletionStage<Void> recordReplication(Optional<String> datacenter) {
    return checkReplication(Optional.empty(), datacenter)
        .thenCompose(
            live -> {
              String statement = schema.recordReplication(live);
              if (!settings.createSchema()) {
                throw new IllegalStateException(
                    ("the replication that the rows of keyspace '%s' have is not recorded, so that nobody would notice"
                            + " that it is raised without a repair. Start once with %s = on, or run: %s")
                        .formatted(
                            settings.keyspace(),
                            settings.path("cassandra.schema.create"),
                            statement));
              }
              return requests.execute(statement);
            })
        .thenApply(done -> null);
  }

  private CompletionStage<Replication> checkReplication(
      Optional<Replication> recorded, Optional<String> datacenter) {
    return requests
        .execute(
            "SELECT replication, durable_writes FROM system_schema.keyspaces WHERE keyspace_name = '%s'"
                .formatted(settings.keyspace()))
        .thenApply(
            rows -> {
              Row keyspace = Objects.requireNonNull(rows.one(), "the keyspace's row");
              Map<String, String> options = keyspace.getMap(0, String.class, String.class);
              Replication live = Replication.of(Objects.requireNonNull(options, "replication"));
              int up =
                  (int)
                      nodes(datacenter).stream()
                          .filter(node -> node.getState() == NodeState.UP)
                          .count();
              SchemaCheck check = new SchemaCheck(settings);
              check.durableWrites(keyspace.getBoolean(1));
              check.replication(live, recorded.orElse(live), datacenter.orElse(null), up);
              report(check);
              return live;
            });
  }

  /** Those that may have replicas that count. */
  private List<Node> nodes(Optional<String> datacenter) {
    return session.getMetadata().getNodes().values().stream()
        .filter(node -> datacenter.isEmpty() || datacenter.get().equals(node.getDatacenter()))
        .toList();
  }

  private CompletionStage<Void> checkTables() {
    SchemaCheck check = new SchemaCheck(settings);
    Set<String> ours = schema.createTables().keySet();
    return requests
        .rows(
            "SELECT table_name, read_repair, default_time_to_live, gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = '%s'"
                .formatted(settings.keyspace()))
        .thenAccept(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new SchemaCheck.Table(
                                String.valueOf(row.getString(0)),
                                String.valueOf(row.getString(1)),
                                row.getInt(2),
                                row.getInt(3)))
                    .filter(table -> ours.contains(table.name()))
                    .forEach(check::table))
        .thenCompose(done -> checkLimits(check))
        .thenAccept(done -> report(check));
  }

  /** Of the node that answers; the others should have the same. */
  private CompletionStage<Void> checkLimits(SchemaCheck check) {
    return requests
        .rows("SELECT name, value FROM system_views.settings")
        .thenAccept(
            rows -> {
              Map<String, String> limits = new HashMap<>();
              rows.forEach(
                  row ->
                      limits.put(
                          String.valueOf(row.getString(0)), String.valueOf(row.getString(1))));
              check.limits(limits, demands);
            })
        .exceptionally(
            failure -> {
              LOG.info(
                  "Cassandra's limits are not checked, since system_views.settings cannot be read: {}",
                  FenceException.causeOf(failure).toString());
              return null;
            });
  }

  private void report(SchemaCheck check) {
    check.warnings().forEach(LOG::warn);
    if (!check.refusals().isEmpty()) {
      throw new IllegalStateException(
          "keyspace '%s' is not as Holdfast needs it: %s"
              .formatted(settings.keyspace(), String.join("; ", check.refusals())));
    }
  }
}
