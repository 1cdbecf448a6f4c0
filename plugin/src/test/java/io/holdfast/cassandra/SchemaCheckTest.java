// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no test can set on a node: its limits, and replicas that are transient. */
class SchemaCheckTest {
  private static final Config DEFAULTS = ConfigFactory.load();

  /** As Cassandra 5.0.9 has them. */
  private static final Map<String, String> LIMITS =
      Map.ofEntries(
          Map.entry("user_timestamps_enabled", "true"),
          Map.entry("minimum_timestamp_fail_threshold", "null"),
          Map.entry("maximum_timestamp_fail_threshold", "null"),
          Map.entry("read_consistency_levels_disallowed", "[]"),
          Map.entry("write_consistency_levels_disallowed", "[]"),
          Map.entry("max_mutation_size", "16384KiB"),
          Map.entry("column_value_size_fail_threshold", "null"),
          Map.entry("collection_size_fail_threshold", "null"),
          Map.entry("items_per_collection_fail_threshold", "-1"),
          Map.entry("batch_size_fail_threshold", "50KiB"),
          Map.entry("page_size_fail_threshold", "-1"),
          Map.entry("read_thresholds_enabled", "false"),
          Map.entry("coordinator_read_size_fail_threshold", "1KiB"),
          Map.entry("local_read_size_fail_threshold", "1KiB"));

  private final SchemaCheck check = new SchemaCheck(CassandraSettings.of(DEFAULTS, "holdfast"));

  @Test
  void findsNothingWithCassandrasDefaults() {
    check.limits(LIMITS, StorageDemands.of(DEFAULTS, "holdfast"));
    check.limits(Map.of(), StorageDemands.of(DEFAULTS, "holdfast"));
    assertThat(check.refusals()).isEmpty();
    assertThat(check.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user_timestamps_enabled             | false",
        "minimum_timestamp_fail_threshold    | 3650d",
        "read_consistency_levels_disallowed  | [ANY, LOCAL_QUORUM]",
        "write_consistency_levels_disallowed | [LOCAL_QUORUM]",
        "write_consistency_levels_disallowed | [LOCAL_SERIAL, ALL]"
      })
  void refusesLimitsThatFailEveryRequest(String name, String value) {
    checkWith(name, value);
    assertThat(check.refusals()).singleElement().asString().contains(name + " = " + value);
    assertThat(check.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "maximum_timestamp_fail_threshold, 1d",
    "max_mutation_size, 4096KiB",
    "column_value_size_fail_threshold, 1MiB",
    "collection_size_fail_threshold, 64KiB",
    "items_per_collection_fail_threshold, 100",
    "batch_size_fail_threshold, 1KiB",
    "page_size_fail_threshold, 10000"
  })
  void warnsOfLimitsThatFailSomeRequests(String name, String value) {
    checkWith(name, value);
    assertThat(check.refusals()).isEmpty();
    assertThat(check.warnings()).singleElement().asString().contains(name + " = " + value);
  }

  @ParameterizedTest
  @CsvSource({
    "column_value_size_fail_threshold, 16MiB",
    "collection_size_fail_threshold, 1GiB",
    "page_size_fail_threshold, 10001",
    "read_consistency_levels_disallowed, '[ONE, QUORUM]'"
  })
  void keepsQuietAboutLimitsThatAreWideEnough(String name, String value) {
    checkWith(name, value);
    assertThat(check.refusals()).isEmpty();
    assertThat(check.warnings()).isEmpty();
  }

  @Test
  void warnsOfThresholdsForReadsWhereTheyCount() {
    checkWith("read_thresholds_enabled", "true");
    assertThat(check.warnings()).hasSize(2);
  }

  private void checkWith(String name, String value) {
    Map<String, String> limits = new HashMap<>(LIMITS);
    limits.put(name, value);
    check.limits(limits, StorageDemands.of(DEFAULTS, "holdfast"));
  }

  @Test
  void refusesTransientReplicas() {
    Replication live = Replication.parse("class=NetworkTopologyStrategy, dc1=3/1");
    check.replication(live, live, "dc1", 3);
    assertThat(check.refusals())
        .singleElement()
        .asString()
        .contains(
            "ALTER KEYSPACE holdfast WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': '3'}");
  }

  @Test
  void refusesADataCentreWithoutReplicas() {
    Replication live = Replication.parse("class=NetworkTopologyStrategy, dc1=3");
    check.replication(live, live, "dc2", 3);
    assertThat(check.refusals()).singleElement().asString().contains("'dc2'");
  }

  @Test
  void warnsOfASingleReplicaWhereThereAreMoreNodes() {
    Replication live = Replication.parse("class=SimpleStrategy, replication_factor=1");
    check.replication(live, live, "dc1", 1);
    assertThat(check.warnings()).isEmpty();
    check.replication(live, live, "dc1", 2);
    assertThat(check.warnings()).singleElement().asString().contains("one replica", "2 Cassandra");
    assertThat(check.refusals()).isEmpty();
  }
}
