// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.testkit.CassandraExtension;

/** Configurations of actor systems under test. */
public final class TestConfig {
  /** Nothing times out because the machine is slow, unless a test says so. */
  private static final Config PATIENT =
      ConfigFactory.parseString(
          """
          holdfast {
            cassandra.connect.timeout = 120 s
            journal { recovery-event-timeout = 180 s, circuit-breaker.call-timeout = 150 s }
            snapshot-store.circuit-breaker.call-timeout = 150 s
            event-store { cluster-timeout = 120 s, append-timeout = 180 s, read-timeout = 180 s }
          }
          datastax-java-driver {
            profiles.holdfast.basic.request.timeout = 60 s
            basic.request.timeout = 60 s
            advanced {
              connection { connect-timeout = 60 s, init-query-timeout = 60 s }
              control-connection.timeout = 60 s
              heartbeat.timeout = 60 s
              metadata.schema.request-timeout = 60 s
            }
          }
          """);

  private TestConfig() {}

  /** A system that persists to a keyspace of the test's Cassandra. Later settings win. */
  public static Config journal(CassandraExtension cassandra, String keyspace, String settings) {
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
                  coordinated-shutdown.phases.before-actor-system-terminate.timeout = 1 s
                }
                """
                    .formatted(keyspace)))
        .withFallback(PATIENT)
        .withFallback(cassandra.config())
        .withFallback(ConfigFactory.load())
        .resolve();
  }

  /** The same, as a node of a cluster on loopback. */
  public static Config node(CassandraExtension cassandra, String keyspace, String settings) {
    return journal(
        cassandra,
        keyspace,
        settings
            + """

            pekko {
              actor.provider = cluster
              remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              remote.artery.advanced.maximum-frame-size = 6 MiB
              cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
              cluster.jmx.multi-mbeans-in-same-jvm = on
              cluster.gossip-interval = 200 ms
              cluster.leader-actions-interval = 200 ms
            }
            """);
  }
}
