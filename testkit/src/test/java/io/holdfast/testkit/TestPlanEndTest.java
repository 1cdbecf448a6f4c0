// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Test plans inside of a test: what happens at their beginning and end. */
@Order(1)
class TestPlanEndTest {

  private static final AtomicReference<InetSocketAddress> SEEN = new AtomicReference<>();

  static class Sample {

    @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

    @Test
    void usesTheNode() {
      assertThat(CqlPort.answers(CASSANDRA.contactPoint())).isTrue();
      SEEN.set(CASSANDRA.contactPoint());
    }
  }

  @Test
  void endsTheNodeWithTheTestPlan() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(Sample.class))
        .execute()
        .testEvents()
        .assertStatistics(tests -> tests.succeeded(1));

    InetSocketAddress seen = Objects.requireNonNull(SEEN.get());
    assertThat(CqlPort.answers(seen)).isFalse();
  }

  @Test
  void refusesABadConfigurationParameter() {
    EngineTestKit.engine("junit-jupiter")
        .configurationParameter("holdfast.test.cassandra", "docker")
        .selectors(selectClass(Sample.class))
        .execute()
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                finishedWithFailure(
                    instanceOf(IllegalArgumentException.class),
                    message(
                        "holdfast.test.cassandra = \"docker\" must be one of"
                            + " auto, testcontainers, embedded"))));
  }
}
