// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cassandra.Replication.Change;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationTest {
  private static final String SIMPLE = "class=SimpleStrategy, replication_factor=";
  private static final String NETWORK = "class=NetworkTopologyStrategy, ";

  private static Change change(String from, String to, @Nullable String datacenter) {
    return Replication.parse(to).since(Replication.parse(from), datacenter);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, NONE",
    "1, 2, ONE_MORE",
    "2, 3, ONE_MORE",
    "3, 4, ONE_MORE",
    "1, 3, OTHER",
    "3, 5, OTHER",
    "3, 2, OTHER",
    "3, 1, OTHER"
  })
  void tellsWhetherTheQuorumsOfOldAndNewReplicasOverlap(int from, int to, Change expected) {
    assertThat(change(SIMPLE + from, SIMPLE + to, null)).isEqualTo(expected);
    assertThat(change(SIMPLE + from, SIMPLE + to, "dc1")).isEqualTo(expected);
    assertThat(change(NETWORK + "dc1=" + from, NETWORK + "dc1=" + to, "dc1")).isEqualTo(expected);
    // By the arithmetic on which it rests: quorums of the old and the new replicas, all of which
    // the larger number has.
    int overlap = from / 2 + 1 + to / 2 + 1 - Math.max(from, to);
    if (expected != Change.OTHER) {
      assertThat(overlap).isPositive();
    }
  }

  @Test
  void countsTheReplicasOfTheLocalDataCentreOnly() {
    String one = NETWORK + "dc1=3";
    String both = NETWORK + "dc1=3, dc2=3";
    assertThat(change(one, both, "dc1")).isEqualTo(Change.NONE);
    assertThat(change(one, both, "dc2")).isEqualTo(Change.OTHER);
    assertThat(change(one, both, null)).isEqualTo(Change.OTHER);
    assertThat(change(one, NETWORK + "dc1=3, dc2=1", null)).isEqualTo(Change.ONE_MORE);
    assertThat(change(both, NETWORK + "dc1=4, dc2=2", null)).isEqualTo(Change.OTHER);
    assertThat(change(SIMPLE + "3", one, "dc1")).isEqualTo(Change.OTHER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // One data centre, which may be the local one.
        "class=SimpleStrategy, replication_factor=3 | dc1=1 | 2 | 1",
        "class=SimpleStrategy, replication_factor=3 | dc1=2 | 2 | 2",
        "class=NetworkTopologyStrategy, replication_factor=3 | dc1=1 | 2 | 1",
        "class=NetworkTopologyStrategy, replication_factor=3 | dc1=2 | 2 | 2",
        "class=NetworkTopologyStrategy, replication_factor=3, dc1=1 | dc1=1 | 1 | 1",
        "class=NetworkTopologyStrategy, replication_factor=3, dc1=0 | dc1=1 | 0 | 0",
        "class=NetworkTopologyStrategy, replication_factor=1, dc1=3 | dc1=1 | 2 | 1",
        "class=NetworkTopologyStrategy, dc1=3/1 | dc1=1 | 2 | 1",
        // Whose replicas count only where they are.
        "class=NetworkTopologyStrategy, dc1=3, dc2=3 | dc1=1 | 2 | 1",
        "class=NetworkTopologyStrategy, dc2=3 | dc1=1 | 0 | 0",
        // Both, of which all replicas count.
        "class=SimpleStrategy, replication_factor=3 | dc1=1, dc2=1 | 2 | 2",
        "class=NetworkTopologyStrategy, dc1=3, dc2=3 | dc1=1, dc2=2 | 4 | 3",
        "class=NetworkTopologyStrategy, dc1=3, dc2=3 | dc1=1, dc2=3 | 4 | 4",
        "class=NetworkTopologyStrategy, dc1=1, dc2=3 | dc1=4, dc2=1 | 3 | 2",
        "class=NetworkTopologyStrategy, replication_factor=3 | dc1=1, dc2=1 | 4 | 2",
        "class=NetworkTopologyStrategy, replication_factor=3, dc2=0 | dc1=2, dc2=1 | 2 | 2",
        "class=NetworkTopologyStrategy, dc1=1, dc3=3 | dc1=1, dc2=1 | 1 | 1",
        // Not ours to judge.
        "class=EverywhereStrategy | dc1=1 | 0 | 0"
      })
  void placesTheReplicasOfANewKeyspaceWhereThereAreNodes(
      String replication, String nodes, int quorum, int possible) {
    Map<String, Integer> datacenters = new HashMap<>();
    for (String datacenter : nodes.split(", ", -1)) {
      String[] parts = datacenter.split("=", -1);
      datacenters.put(parts[0], Integer.valueOf(parts[1]));
    }
    assertThat(Replication.parse(replication).place(datacenters))
        .isEqualTo(new Replication.Placed(quorum, possible));
  }

  @Test
  void isWrittenAsItIsRead() {
    Replication live =
        Replication.of(
            Map.of("dc2", "3/1", "class", "org.apache.cassandra.locator.NetworkTopologyStrategy"));
    assertThat(live).hasToString("class=NetworkTopologyStrategy, dc2=3/1");
    assertThat(Replication.parse(live.toString())).isEqualTo(live);
    assertThat(live.isTransient()).isTrue();
    assertThat(live.withoutTransient().cql())
        .isEqualTo("{'class': 'NetworkTopologyStrategy', 'dc2': '3'}");
  }
}
