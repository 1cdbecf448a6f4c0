// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DriverDefaultsTest {
  private static final String RECONNECTION = "advanced.reconnection-policy.";
  private static final String KEYSPACES = "advanced.metadata.schema.refreshed-keyspaces";

  private static Config driver(String settings) {
    Config root = ConfigFactory.parseString(settings).withFallback(ConfigFactory.load());
    return DriverDefaults.in(
        root.getConfig("datastax-java-driver"), CassandraSettings.of(root, "holdfast"));
  }

  @Test
  void reconnectsSoonAfterALongOutage() {
    Config driver = driver("");
    assertThat(driver.getDuration(RECONNECTION + "base-delay")).isEqualTo(Duration.ofSeconds(1));
    assertThat(driver.getDuration(RECONNECTION + "max-delay")).isEqualTo(Duration.ofSeconds(2));
    assertThat(driver.getDuration("advanced.connection.connect-timeout"))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(driver.getString("advanced.throttler.class"))
        .isEqualTo(RequestQueue.class.getName());
    assertThat(driver.getString(RequestQueue.SETTINGS.getPath())).isEqualTo("holdfast.cassandra");
  }

  @Test
  void readsNoTablesOfOtherKeyspaces() {
    assertThat(driver("holdfast.cassandra.keyspace = shop").getStringList(KEYSPACES))
        .containsExactly("shop");
  }

  @Test
  void leavesWhatTheApplicationHasChosen() {
    Config driver =
        driver(
            """
            datastax-java-driver.advanced {
              reconnection-policy { base-delay = 10 s, max-delay = 60 s }
              connection.connect-timeout = 10 s
              throttler.class = RateLimitingRequestThrottler
              metadata.schema.refreshed-keyspaces = [ "/.*/" ]
            }
            """);
    assertThat(driver.getDuration(RECONNECTION + "base-delay")).isEqualTo(Duration.ofSeconds(10));
    assertThat(driver.getDuration(RECONNECTION + "max-delay")).isEqualTo(Duration.ofMinutes(1));
    assertThat(driver.getDuration("advanced.connection.connect-timeout"))
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(driver.getString("advanced.throttler.class"))
        .isEqualTo("RateLimitingRequestThrottler");
    assertThat(driver.getStringList(KEYSPACES)).containsExactly("/.*/");
  }

  /** To try again is our own affair, with a log and an end. */
  @Test
  void letsNoSessionTryForEver() {
    assertThat(
            driver("datastax-java-driver.advanced.reconnect-on-init = true")
                .getBoolean("advanced.reconnect-on-init"))
        .isFalse();
  }
}
