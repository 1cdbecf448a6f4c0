// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.holdfast.settings.Section;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The section {@code cassandra} of a store, parsed and checked once. Its keys are explained in
 * {@code reference.conf}.
 *
 * @param store the path of the store's sections
 * @param replication the options of the keyspace's replication, as CQL takes them
 * @param fencing as the journal has it
 * @param feed as the journal has it
 * @param maxRequestPartitions the most partitions that one request writes to
 * @param maxRequestBytes the most bytes that a request to several partitions writes
 * @param largestEventBytes what an event is taken to have before it is read
 * @param maxBatchBytes the most bytes of a batch
 * @param maxPartialRequests while so many requests are under way, others wait to be filled
 */
record CassandraSettings(
    String store,
    String keyspace,
    Map<String, String> replication,
    Consistency consistency,
    boolean fencing,
    boolean feed,
    boolean createSchema,
    int partitionSize,
    String driverProfile,
    int maxConcurrentRequests,
    int maxQueuedRequests,
    int maxRequestPartitions,
    int maxRequestBytes,
    int maxPartialRequests,
    ReadBudget.Limits reads,
    int largestEventBytes,
    int maxBatchBytes,
    Duration connectTimeout,
    Duration connectRetryInterval) {
  private static final String REPLICATION = "schema.replication";

  /** Other nodes may have other settings. */
  private static final int LARGE_EVENT_BYTES = 1 << 20;

  /** With {@code auto}: what is on its way is in Cassandra's memory, too. */
  private static final long MOST_READ_BYTES = 512 << 20;

  private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");

  static CassandraSettings of(Config root, String store) {
    Section all = Section.ofStore(root, store);
    Section section = all.section("cassandra");
    Section journal = all.section("journal");
    return new CassandraSettings(
        store,
        keyspace(section),
        replication(section),
        consistency(section),
        journal.flag("fencing"),
        journal.flag("feed"),
        section.flag("schema.create"),
        section.integer("partition-size", 1, 10_000_000),
        section.text("driver-profile"),
        section.integer("max-concurrent-requests", 1, 1_000_000),
        section.integer("max-queued-requests", 0, 100_000_000),
        section.integer("write-groups.max-streams", 1, 1_000),
        section.bytes("write-groups.max-bytes", 1_024, 1 << 20),
        section.integer("write-groups.max-partial-requests", 1, 1_000),
        reads(section),
        Math.max(
            LARGE_EVENT_BYTES,
            all.section("event-store").bytes("max-event-bytes", 1 << 10, 16 << 20)),
        journal.bytes("max-batch-bytes", 1 << 10, 16 << 20),
        section.positiveTime("connect.timeout"),
        section.positiveTime("connect.retry-interval"));
  }

  /** What bounds the reads that a section {@code cassandra} describes. */
  static ReadBudget.Limits reads(Section section) {
    return new ReadBudget.Limits(
        maxReadBytes(section),
        section.integer("max-queued-reads", 0, 1_000_000),
        section.positiveTime("read-queue-timeout"));
  }

  private static long maxReadBytes(Section section) {
    if (section.text("max-read-bytes").equals("auto")) {
      return Math.min(MOST_READ_BYTES, Runtime.getRuntime().maxMemory() / 4);
    }
    return section.bytes("max-read-bytes", 1 << 20, Integer.MAX_VALUE);
  }

  /** The full path of a key of the store, for messages. */
  String path(String key) {
    return store + "." + key;
  }

  private static String keyspace(Section section) {
    String name = section.text("keyspace");
    if (!KEYSPACE.matcher(name).matches()) {
      throw section.refused(
          "keyspace", "'" + name + "'", "1 to 48 characters of a-z, 0-9 and _, the first a letter");
    }
    return name;
  }

  private static Consistency consistency(Section section) {
    String name = section.text("consistency");
    return Consistency.named(name)
        .orElseThrow(
            () ->
                section.refused(
                    "consistency",
                    "'" + name + "'",
                    "'quorum' or 'local-quorum'; weaker levels cannot keep two writers apart"));
  }

  /**
   * The default stands here and not in {@code reference.conf}, where what the application sets
   * would be merged with it.
   */
  private static Map<String, String> replication(Section section) {
    TreeMap<String, String> options = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> option :
        section.section(REPLICATION).config().root().entrySet()) {
      if (option.getValue().valueType() == ConfigValueType.OBJECT) {
        throw section.refused(
            REPLICATION + "." + option.getKey(),
            option.getValue().unwrapped().toString(),
            "a number; quote the name of a data centre that has a dot: \"dc.east\" = 3");
      }
      if (option.getValue().valueType() != ConfigValueType.NULL) {
        options.put(option.getKey(), option.getValue().unwrapped().toString());
      }
    }
    return Replication.completed(options)
        .orElseThrow(
            () ->
                section.refused(
                    REPLICATION,
                    options.toString(),
                    "a class and what it needs, as in { class = NetworkTopologyStrategy, datacenter1 = 3 }"))
        .options();
  }
}
