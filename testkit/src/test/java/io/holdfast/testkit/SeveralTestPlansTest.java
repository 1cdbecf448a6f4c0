// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Test plans inside of a test, as where Surefire runs one for each class. */
class SeveralTestPlansTest {

  private static final Set<InetSocketAddress> SEEN = ConcurrentHashMap.newKeySet();

  static class Sample {

    @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

    @Test
    void usesTheNode() {
      assertThat(CqlPort.answers(CASSANDRA.contactPoint())).isTrue();
      SEEN.add(CASSANDRA.contactPoint());
    }
  }

  @Test
  void allUseOneNode() {
    for (int plan = 0; plan < 2; plan++) {
      EngineTestKit.engine("junit-jupiter")
          .selectors(selectClass(Sample.class))
          .execute()
          .testEvents()
          .assertStatistics(tests -> tests.succeeded(1));
    }
    assertThat(SEEN).containsExactly(CassandraExtension.shared().contactPoint());
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
