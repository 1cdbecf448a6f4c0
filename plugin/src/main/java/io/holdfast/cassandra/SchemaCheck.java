// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.cassandra.Replication.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares the keyspace, its tables and Cassandra's limits with what the guarantees rest on. What
 * breaks them, or fails every write, is refused; what may fail some requests is a warning. Each
 * says how it is mended. Knows rows only, and no session.
 */
final class SchemaCheck {
  /** What a row of {@code system_schema.tables} says. */
  record Table(String name, String readRepair, int defaultTimeToLive, int gcGraceSeconds) {}

  /**
   * As long as a writer keeps its identity without reaching Cassandra, it may send a row of an
   * epoch that is over; until then the deletion that hides such a row must not be forgotten.
   */
  static final int LEAST_GC_GRACE_SECONDS = 86_400;

  /** The tables where a forgotten deletion, of rows or of cells, would bring something back. */
  private static final Set<String> DELETED_FROM =
      Set.of("events", "streams", "snapshots", "parked_events");

  private static final String MAPS =
      "tables of Holdfast have maps that grow with what is written or moves at once";

  private static final Pattern BYTES = Pattern.compile("([0-9]+)(B|KiB|MiB|GiB)?");

  private final CassandraSettings settings;
  private final Schema schema;
  private final List<String> refusals = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  SchemaCheck(CassandraSettings settings) {
    this.settings = settings;
    this.schema = new Schema(settings);
  }

  List<String> refusals() {
    return refusals;
  }

  List<String> warnings() {
    return warnings;
  }

  /** A table of ours, created with any version. */
  void table(Table table) {
    if (!table.readRepair().equals("BLOCKING")) {
      refusals.add(
          "table %s has read_repair = '%s': what one read has shown, the next one need not show. Run: %s"
              .formatted(
                  table.name(), table.readRepair(), alter(table, "read_repair = 'BLOCKING'")));
    }
    if (table.defaultTimeToLive() != 0) {
      refusals.add(
          "table %s has default_time_to_live = %d: rows that were acknowledged would vanish. Run: %s"
              .formatted(
                  table.name(),
                  table.defaultTimeToLive(),
                  alter(table, "default_time_to_live = 0")));
    }
    if (DELETED_FROM.contains(table.name()) && table.gcGraceSeconds() < LEAST_GC_GRACE_SECONDS) {
      refusals.add(
          ("table %s has gc_grace_seconds = %d, below %d: a row that arrives late, or on a replica that was down, would"
                  + " come back after its deletion is forgotten. Run: %s")
              .formatted(
                  table.name(),
                  table.gcGraceSeconds(),
                  LEAST_GC_GRACE_SECONDS,
                  alter(table, "gc_grace_seconds = 864000")));
    }
  }

  private String alter(Table table, String option) {
    return "ALTER TABLE %s.%s WITH %s".formatted(settings.keyspace(), table.name(), option);
  }

  void durableWrites(boolean durable) {
    if (!durable) {
      refusals.add(
          "the keyspace has durable_writes = false: what was acknowledged is lost when its replicas restart. Run: ALTER KEYSPACE %s WITH durable_writes = true"
              .formatted(settings.keyspace()));
    }
  }

  /**
   * @param recorded the one that all stored rows are known to have
   * @param datacenter the one whose replicas make a quorum; null for all of them
   * @param nodes how many Cassandra nodes of those data centres may be up
   */
  void replication(Replication live, Replication recorded, @Nullable String datacenter, int nodes) {
    if (live.isTransient()) {
      refusals.add(
          "the keyspace has transient replicas (%s), which do not keep what they acknowledged. Run: %s"
              .formatted(live, alterKeyspace(live.withoutTransient())));
      return;
    }
    int replicas = live.replicas(datacenter);
    if (replicas == 0 && datacenter != null) {
      refusals.add(
          "the keyspace has no replica in the data centre '%s' (%s). Set datastax-java-driver.basic.load-balancing-policy.local-datacenter, or give it replicas there"
              .formatted(datacenter, live));
      return;
    }
    if (replicas == 1 && nodes > 1) {
      warnings.add(
          ("keyspace %s has one replica of each row (%s), though %d Cassandra nodes are up: while one of them is down, its"
                  + " streams are unavailable, and what it loses is lost. How to raise it: docs/operators-guide.md, \"Replication\"")
              .formatted(settings.keyspace(), live, nodes));
    }
    Change change = live.since(recorded, datacenter);
    if (change == Change.OTHER) {
      refusals.add(
          ("the keyspace was replicated with %s, and now is with %s: a quorum of the new replicas need not have what was"
                  + " acknowledged before, and a claim would clear it. Stop all nodes of Holdfast and %s. To go back instead: %s")
              .formatted(recorded, live, repairAndRecord(live), alterKeyspace(recorded)));
    } else if (change == Change.ONE_MORE) {
      warnings.add(
          "keyspace %s was replicated with %s, and now is with %s, of which some replicas may lack rows. Before it is changed again, %s"
              .formatted(settings.keyspace(), recorded, live, repairAndRecord(live)));
    }
  }

  private String repairAndRecord(Replication live) {
    return "run `nodetool repair -full %s` on every Cassandra node, and then: %s"
        .formatted(settings.keyspace(), schema.recordReplication(live));
  }

  private String alterKeyspace(Replication replication) {
    return "ALTER KEYSPACE %s WITH replication = %s"
        .formatted(settings.keyspace(), replication.cql());
  }

  /**
   * @param limits the rows of {@code system_views.settings}; what a version of Cassandra does not
   *     have is not there
   */
  void limits(Map<String, String> limits, StorageDemands demands) {
    if ("false".equals(limits.get("user_timestamps_enabled"))) {
      refuseLimit(
          limits,
          "user_timestamps_enabled",
          "epochs are write times, so no event could be written. Set it to true");
    }
    if (isSet(limits.get("minimum_timestamp_fail_threshold"))) {
      refuseLimit(
          limits,
          "minimum_timestamp_fail_threshold",
          "rows of logs, revocations and snapshots have the write times 1 and 2, so none could be written. Unset it");
    }
    if (isSet(limits.get("maximum_timestamp_fail_threshold"))) {
      warnLimit(
          limits,
          "maximum_timestamp_fail_threshold",
          "a stream whose epoch is further ahead, after a claim by a node whose clock was, could not be written. Unset it");
    }
    disallowed(limits, "read_consistency_levels_disallowed", Set.of(level()));
    disallowed(limits, "write_consistency_levels_disallowed", Set.of(level(), serial()));
    String batch =
        "%s and %s allow more"
            .formatted(
                settings.path("journal.max-batch-bytes"),
                settings.path("snapshot-store.chunk-size"));
    atLeast(limits, "max_mutation_size", demands.valueBytes(), batch);
    atLeast(limits, "column_value_size_fail_threshold", demands.valueBytes(), batch);
    atLeast(limits, "collection_size_fail_threshold", 1 << 20, MAPS);
    atLeast(limits, "items_per_collection_fail_threshold", 10_000, MAPS);
    atLeast(
        limits,
        "batch_size_fail_threshold",
        demands.groupBytes(),
        settings.path("cassandra.write-groups.max-bytes")
            + " allows more, and each larger request is refused and sent again in parts");
    atLeast(
        limits,
        "page_size_fail_threshold",
        demands.pageRows(),
        "pages of Holdfast and of datastax-java-driver.basic.request.page-size have more rows");
    if ("true".equals(limits.get("read_thresholds_enabled"))) {
      atLeast(limits, "coordinator_read_size_fail_threshold", demands.valueBytes(), batch);
      atLeast(limits, "local_read_size_fail_threshold", demands.valueBytes(), batch);
    }
  }

  private String level() {
    return settings.consistency().level.name();
  }

  private String serial() {
    return settings.consistency().serial.name();
  }

  private void disallowed(Map<String, String> limits, String name, Set<String> needed) {
    String value = limits.getOrDefault(name, "");
    if (List.of(value.split("[^A-Z_]+", -1)).stream().anyMatch(needed::contains)) {
      refuseLimit(limits, name, "Holdfast uses " + level() + " and " + serial() + ". Allow them");
    }
  }

  private void atLeast(Map<String, String> limits, String name, long least, String why) {
    String value = limits.get(name);
    if (isSet(value) && bytes(value) < least) {
      warnLimit(
          limits,
          name,
          "%s, so that it would refuse some. Raise it to %,d or more".formatted(why, least));
    }
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.equals("null") && !value.startsWith("-");
  }

  /** What is no number is no limit that we know. */
  private static long bytes(@Nullable String value) {
    Matcher matcher = BYTES.matcher(String.valueOf(value));
    if (!matcher.matches()) {
      return Long.MAX_VALUE;
    }
    String unit = String.valueOf(matcher.group(2));
    int shift = "BKMG".indexOf(unit.charAt(0));
    return Long.parseLong(matcher.group(1)) << (10 * Math.max(0, shift));
  }

  private void refuseLimit(Map<String, String> limits, String name, String why) {
    refusals.add(limit(limits, name, why));
  }

  private void warnLimit(Map<String, String> limits, String name, String why) {
    warnings.add(limit(limits, name, why));
  }

  private static String limit(Map<String, String> limits, String name, String why) {
    return "Cassandra has %s = %s: %s in cassandra.yaml of all Cassandra nodes"
        .formatted(name, limits.get(name), why);
  }
}
