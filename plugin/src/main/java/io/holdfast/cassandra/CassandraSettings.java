// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The section {@code holdfast.cassandra}, parsed and checked once. Its keys are explained in {@code
 * reference.conf}.
 *
 * @param replication the options of the keyspace's replication, as CQL takes them
 */
record CassandraSettings(
    String keyspace,
    Map<String, String> replication,
    Consistency consistency,
    boolean createSchema,
    int partitionSize,
    String driverProfile,
    int maxConcurrentRequests,
    int maxQueuedRequests,
    Duration connectTimeout,
    Duration connectRetryInterval) {
  private static final String PATH = "holdfast.cassandra.";
  private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");

  static CassandraSettings of(Config root) {
    Config config = root.getConfig("holdfast.cassandra");
    return new CassandraSettings(
        keyspace(config.getString("keyspace")),
        replication(config.getConfig("schema.replication")),
        Consistency.parse(PATH + "consistency", config.getString("consistency")),
        config.getBoolean("schema.create"),
        within("partition-size", config.getInt("partition-size"), 1, 10_000_000),
        config.getString("driver-profile"),
        within("max-concurrent-requests", config.getInt("max-concurrent-requests"), 1, 1_000_000),
        within("max-queued-requests", config.getInt("max-queued-requests"), 0, 100_000_000),
        positive("connect.timeout", config.getDuration("connect.timeout")),
        positive("connect.retry-interval", config.getDuration("connect.retry-interval")));
  }

  private static String keyspace(String name) {
    if (!KEYSPACE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          PATH
              + "keyspace = '%s': must be 1 to 48 characters of a-z, 0-9 and _, the first a letter"
                  .formatted(name));
    }
    return name;
  }

  private static Map<String, String> replication(Config config) {
    Map<String, String> options =
        config.root().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> entry.getValue().unwrapped().toString(),
                    (first, second) -> first,
                    TreeMap::new));
    if (!options.containsKey("class")) {
      throw new IllegalArgumentException(
          PATH
              + "schema.replication = %s: must name a class, for example SimpleStrategy"
                  .formatted(options));
    }
    return options;
  }

  private static int within(String key, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          PATH + "%s = %,d: must be from %,d to %,d".formatted(key, value, low, high));
    }
    return value;
  }

  private static Duration positive(String key, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(
          PATH + "%s = %s: must be above zero".formatted(key, value));
    }
    return value;
  }
}
