// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
   * Stores what is missing, and completes with the store's id if this node agrees with what is
   * stored.
   *
   * @param datacenter whose replicas make a quorum, which the first node finds and records; empty
   *     if those of all do
   */
  CompletionStage<String> agree(Optional<String> datacenter) {
    Map<String, String> found = new LinkedHashMap<>();
    datacenter.ifPresent(name -> found.put(Schema.LOCAL_DATACENTER, name));
    found.put(Schema.STORE_ID, "%016x".formatted(UUID.randomUUID().getMostSignificantBits()));
    return read()
        .thenCompose(
            stored -> {
              List<String> missing = missing(stored, schema.storedSettings());
              if (!missing.isEmpty() && !settings.createSchema()) {
                throw new IllegalStateException(
                    ("keyspace '%s' lacks rows in its table settings: it has %s. Start once with"
                            + " %s = on, or run: %s")
                        .formatted(
                            settings.keyspace(),
                            stored.keySet(),
                            settings.path("cassandra.schema.create"),
                            String.join("; ", missing)));
              }
              missing.addAll(missing(stored, found));
              return missing.isEmpty()
                  ? completedFuture(stored)
                  : insert(missing).thenCompose(done -> read());
            })
        .thenApply(
            stored -> {
              check(stored, datacenter);
              return String.valueOf(stored.get(Schema.STORE_ID));
            });
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
    agree(stored, Schema.FENCING, settings.path("journal.fencing"), "");
    agree(stored, Schema.FEED, settings.path("journal.feed"), "");
    agree(stored, Schema.CONSISTENCY, settings.path("cassandra.consistency"), REPAIR);
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
                  + " the version of Holdfast that made them, or a keyspace of its own (%s)")
              .formatted(
                  settings.keyspace(),
                  version,
                  Schema.FIRST_VERSION,
                  Schema.VERSION,
                  settings.path("cassandra.keyspace")));
    }
  }

  private void checkPartitionSize(Map<String, String> stored) {
    String size = stored.get(Schema.PARTITION_SIZE);
    if (!Integer.toString(settings.partitionSize()).equals(size)) {
      throw new IllegalStateException(
          "keyspace '%s' was created with partition-size %s, but %s is %d; it cannot change once events are stored: set it back to %s"
              .formatted(
                  settings.keyspace(),
                  size,
                  settings.path("cassandra.partition-size"),
                  settings.partitionSize(),
                  size));
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
