// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.TestConfig;
import io.holdfast.testkit.CassandraExtension;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.management.HealthCheckSettings;
import org.apache.pekko.management.javadsl.HealthChecks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.jdk.javaapi.FutureConverters;

/** The readiness check, as Pekko Management creates and asks it. */
class HealthCheckTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();

  /** A system that reaches Cassandra by a port, and its health checks. */
  private record Node(ActorSystem system, HealthChecks checks) implements AutoCloseable {
    static Node start(int port, String settings) {
      ActorSystem system =
          ActorSystem.create(
              "health",
              TestConfig.journal(
                  CASSANDRA,
                  KEYSPACE,
                  """
                  pekko.management.health-checks {
                    readiness-checks.holdfast = "io.holdfast.journal.HoldfastHealthCheck"
                    check-timeout = 60 s
                  }
                  datastax-java-driver {
                    basic.contact-points = ["127.0.0.1:%d"]
                    advanced.reconnection-policy { class = ConstantReconnectionPolicy, base-delay = 50 ms }
                  }
                  """
                          .formatted(port)
                      + settings));
      HealthCheckSettings checks =
          HealthCheckSettings.create(
              system.settings().config().getConfig("pekko.management.health-checks"));
      return new Node(system, new HealthChecks((ExtendedActorSystem) system, checks));
    }

    boolean isReady() {
      return get(checks.ready());
    }

    void awaitReady(boolean ready) {
      await().until(() -> isReady() == ready);
    }

    @Override
    public void close() {
      get(FutureConverters.asJava(system.terminate()));
    }
  }

  @Test
  void isReadyWhileCassandraAnswers() {
    try (TcpProxy proxy = TcpProxy.start(CASSANDRA.contactPoint());
        Node node = Node.start(proxy.port(), "holdfast.health-check.tolerance = 0 s")) {
      node.awaitReady(true);
      proxy.shutDown();
      node.awaitReady(false);
    }
  }

  @Test
  void toleratesWhatIsOverSoon() {
    try (TcpProxy proxy = TcpProxy.start(CASSANDRA.contactPoint());
        Node node = Node.start(proxy.port(), "holdfast.health-check.tolerance = 10 minutes")) {
      node.awaitReady(true);
      proxy.shutDown();
      assertThat(node.isReady()).isTrue();
    }
  }

  @Test
  void isNotReadyWithoutItsTables() {
    String settings =
        """
        holdfast.cassandra { keyspace = %s, schema.create = off }
        holdfast.health-check.timeout = 20 s
        """
            .formatted(CASSANDRA.newKeyspaceName());
    try (Node node = Node.start(CASSANDRA.contactPoint().getPort(), settings)) {
      assertThat(node.isReady()).isFalse();
    }
  }
}
