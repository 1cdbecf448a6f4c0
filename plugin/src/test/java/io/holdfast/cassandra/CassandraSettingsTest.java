// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CassandraSettingsTest {
  private static Map<String, String> replication(String settings) {
    return CassandraSettings.of(
            ConfigFactory.parseString("holdfast.cassandra.schema." + settings)
                .withFallback(ConfigFactory.load()),
            "holdfast")
        .replication();
  }

  @Test
  void aReplicationThatIsSetHasNothingOfTheDefault() {
    assertThat(replication("create = on"))
        .isEqualTo(Map.of("class", "SimpleStrategy", "replication_factor", "1"));
    Map<String, String> network = Map.of("class", "NetworkTopologyStrategy", "datacenter1", "3");
    assertThat(replication("replication { class = NetworkTopologyStrategy, datacenter1 = 3 }"))
        .isEqualTo(network);
    assertThat(
            replication(
                """
                replication.class = NetworkTopologyStrategy
                holdfast.cassandra.schema.replication.datacenter1 = "3"
                holdfast.cassandra.schema.replication.replication_factor = null
                """))
        .isEqualTo(network);
    assertThat(
            replication(
                "replication { class = NetworkTopologyStrategy, \"dc.east\" = 3, west = 2 }"))
        .isEqualTo(Map.of("class", "NetworkTopologyStrategy", "dc.east", "3", "west", "2"));
    assertThat(replication("replication { class = NetworkTopologyStrategy, replication_factor=3 }"))
        .isEqualTo(Map.of("class", "NetworkTopologyStrategy", "replication_factor", "3"));
    assertThat(replication("replication { class = SimpleStrategy, replication_factor = 3 }"))
        .isEqualTo(Map.of("class", "SimpleStrategy", "replication_factor", "3"));
    assertThat(replication("replication.replication_factor = 3"))
        .isEqualTo(Map.of("class", "SimpleStrategy", "replication_factor", "3"));
    assertThat(replication("replication.class = SimpleStrategy"))
        .isEqualTo(Map.of("class", "SimpleStrategy", "replication_factor", "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replication { datacenter1 = 3 }",
        "replication { class = NetworkTopologyStrategy }",
        "replication { class = NetworkTopologyStrategy, dc.east = 3 }"
      })
  void refusesAReplicationThatLacksSomething(String settings) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replication(settings))
        .withMessageContaining("holdfast.cassandra.schema.replication")
        .withMessageContaining("must be");
  }
}
