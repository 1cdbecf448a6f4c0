// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.testkit.CassandraExtension;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** Configurations of actor systems under test. */
public final class TestConfig {
  private TestConfig() {}

  /** A system that persists to a keyspace of the test's Cassandra. Later settings win. */
  public static Config journal(CassandraExtension cassandra, String keyspace, String settings) {
    return journal(cassandra.config(), keyspace, settings);
  }

  /** The same, on a Cassandra of the test's own. */
  public static Config journal(Config driver, String keyspace, String settings) {
    return ConfigFactory.parseString(settings)
        .withFallback(
            ConfigFactory.parseString(
                """
                holdfast.cassandra.keyspace = "%s"
                pekko {
                  persistence.journal.plugin = "holdfast.journal"
                  loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                  logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
                  loglevel = INFO
                  actor.allow-java-serialization = off
                  coordinated-shutdown.exit-jvm = off
                  coordinated-shutdown.run-by-jvm-shutdown-hook = off
                }
                """
                    .formatted(keyspace)))
        .withFallback(driver)
        .withFallback(ConfigFactory.load());
  }

  /** The driver's section for a Cassandra at an address. */
  public static Config driver(InetSocketAddress contactPoint, String datacenter) {
    return ConfigFactory.parseMap(
        Map.of(
            "datastax-java-driver.basic.contact-points",
            List.of(contactPoint.getAddress().getHostAddress() + ":" + contactPoint.getPort()),
            "datastax-java-driver.basic.load-balancing-policy.local-datacenter",
            datacenter));
  }

  /** The same, as a node of a cluster on loopback. */
  public static Config node(Config driver, String keyspace, String settings) {
    return journal(
        driver,
        keyspace,
        settings
            + """

            pekko {
              actor.provider = cluster
              remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              remote.artery.advanced.maximum-frame-size = 6 MiB
              cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
              cluster.jmx.multi-mbeans-in-same-jvm = on
            }
            """);
  }
}
