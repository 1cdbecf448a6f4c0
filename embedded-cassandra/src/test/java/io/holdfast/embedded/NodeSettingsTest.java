// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::1", "no such host"})
  void refusesAddressesThatAreNoLoopback(String address) {
    assertThatThrownBy(() -> EmbeddedCassandra.builder().address(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + address + "\"")
        .hasMessageContaining("loopback");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1t", "0m", "-1g", "100m", ""})
  void refusesHeapsThatAreNoSizeOrTooSmall(String heap) {
    assertThatThrownBy(() -> EmbeddedCassandra.builder().heap(heap).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("512m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"it's", "", "a b", "x: y"})
  void refusesNamesThatWouldBreakTheConfiguration(String name) {
    assertThatThrownBy(() -> EmbeddedCassandra.builder().clusterName(name).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clusterName");
    assertThatThrownBy(() -> EmbeddedCassandra.builder().datacenter(name).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("datacenter");
  }

  @Test
  void refusesPortsAndTimeoutsOutOfRange() {
    assertThatThrownBy(() -> EmbeddedCassandra.builder().cqlPort(65536).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> EmbeddedCassandra.builder().cqlPort(2000).storagePort(2000).start())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EmbeddedCassandra.builder().startTimeout(Duration.ZERO).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("startTimeout");
  }

  @Test
  void disposableNodeTakesNoDataFolder() {
    assertThatThrownBy(
            () -> EmbeddedCassandra.builder().dataFolder(Path.of("kept")).disposable().start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("disposable", "kept");
  }

  @Test
  void clusterNeedsRoomForItsAddresses() {
    assertThatThrownBy(
            () -> EmbeddedCassandraCluster.builder().baseAddress("127.0.0.253").nodes(3).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("127.0.0.253");
  }

  @Test
  void nodesOwnEqualSharesOfTheRing() {
    InetAddress seed = NodeSettings.loopback("127.0.0.1");
    List<Long> tokens =
        IntStream.range(0, 4).mapToObj(index -> new Ring(index, 4, seed).token()).toList();
    assertThat(tokens).containsExactly(Long.MIN_VALUE + 1, -(1L << 62) + 1, 1L, (1L << 62) + 1);
  }
}
