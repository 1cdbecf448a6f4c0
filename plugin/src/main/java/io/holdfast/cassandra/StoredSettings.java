// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The rows of the table {@code settings}, which all nodes must agree on: each is stored once, by
 * whoever is the first, and compared at every start.
 */
final class StoredSettings {
  private static final String REPAIR = ", run `nodetool repair -full %s` on every Cassandra node";

  private final SetupRequests requests;
  private final CassandraSettings settings;
  private final Schema schema;

  StoredSettings(SetupRequests requests, CassandraSettings settings) {
    this.requests = requests;
    this.settings = settings;
    this.schema = new Schema(settings);
  }

  /** By name. */
  CompletionStage<Map<String, String>> read() {
    return requests
        .rows("SELECT name, value FROM %s.settings".formatted(settings.keyspace()))
        .thenApply(
            rows -> {
              Map<String, String> stored = new HashMap<>();
              for (Row row : rows) {
                stored.put(String.valueOf(row.getString(0)), String.valueOf(row.getString(1)));
              }
              return stored;
            });
  }

  /**
   * Stores what is missing, and completes with what is stored if this node agrees with it.
   *
   * @param datacenter whose replicas make a quorum, which the first node finds and records; empty
   *     if those of all do
   */
  CompletionStage<Void> agree(Optional<String> datacenter) {
    Map<String, String> found =
        datacenter.map(name -> Map.of(Schema.LOCAL_DATACENTER, name)).orElse(Map.of());
    return read()
        .thenCompose(
            stored -> {
              List<String> missing = missing(stored, schema.storedSettings());
              if (!missing.isEmpty() && !settings.createSchema()) {
                throw new IllegalStateException(
                    ("keyspace '%s' lacks rows in its table settings: it has %s. Start once with"
                            + " holdfast.cassandra.schema.create = on, or run: %s")
                        .formatted(
                            settings.keyspace(), stored.keySet(), String.join("; ", missing)));
              }
              missing.addAll(missing(stored, found));
              return missing.isEmpty()
                  ? completedFuture(stored)
                  : insert(missing).thenCompose(done -> read());
            })
        .thenAccept(stored -> check(stored, datacenter));
  }

  private List<String> missing(Map<String, String> stored, Map<String, String> wanted) {
    List<String> missing = new ArrayList<>();
    wanted.forEach(
        (name, value) -> {
          if (!stored.containsKey(name)) {
            missing.add(schema.insertSetting(name, value));
          }
        });
    return missing;
  }

  private CompletionStage<Void> insert(List<String> statements) {
    CompletionStage<Void> inserted = completedFuture(null);
    for (String statement : statements) {
      inserted = inserted.thenCompose(done -> requests.execute(statement)).thenApply(done -> null);
    }
    return inserted;
  }

  /** Compares those that are stored with this node's. */
  void checkFound(Map<String, String> found, Optional<String> datacenter) {
    Map<String, String> all = new HashMap<>(schema.storedSettings());
    datacenter.ifPresent(name -> all.put(Schema.LOCAL_DATACENTER, name));
    all.putAll(found);
    check(all, datacenter);
  }

  private void check(Map<String, String> stored, Optional<String> datacenter) {
    checkVersion(stored);
    checkPartitionSize(stored);
    agree(stored, Schema.FENCING, "holdfast.journal.fencing", "");
    agree(stored, Schema.FEED, "holdfast.journal.feed", "");
    agree(stored, Schema.CONSISTENCY, "holdfast.cassandra.consistency", REPAIR);
    datacenter.ifPresent(
        name ->
            agree(
                stored,
                Schema.LOCAL_DATACENTER,
                name,
                "datastax-java-driver.basic.load-balancing-policy.local-datacenter",
                REPAIR));
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

  private void agree(Map<String, String> stored, String name, String path, String before) {
    agree(stored, name, String.valueOf(schema.storedSettings().get(name)), path, before);
  }

  private void agree(
      Map<String, String> stored, String name, String here, String path, String before) {
    String there = String.valueOf(stored.get(name));
    if (!there.equals(here)) {
      throw new IllegalStateException(
          ("keyspace '%s' is used with %s = %s, but %s is %s here, and all nodes must have the same: set it to %s. To change"
                  + " it for all on purpose, stop all nodes of Holdfast%s, and run, with CONSISTENCY QUORUM: %s")
              .formatted(
                  settings.keyspace(),
                  name,
                  there,
                  path,
                  here,
                  there,
                  before.formatted(settings.keyspace()),
                  schema.changeSetting(name, there, here)));
    }
  }
}
