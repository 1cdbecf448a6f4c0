// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.RejectedException;
import io.holdfast.it.TestCluster;
import io.holdfast.metrics.HoldfastMetrics;
import io.holdfast.testkit.CassandraExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AppendMetricsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static AppendEventInput<?> event(String streamId) {
    return AppendEventInput.of(streamId, "Happened", JsonNodeFactory.instance.objectNode());
  }

  @Test
  void countsAppendsByOutcome() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (TestCluster cluster = TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, "")) {
      EventStore store = cluster.store(0);
      HoldfastMetrics.get(cluster.node(0).system()).bindTo(registry);
      get(store.append(event("a")));
      get(store.append(event("a").withExpectedVersion(1)));
      failure(store.append(event("a").withExpectedVersion(1)), ConcurrencyException.class);
      failure(store.append(event("")), RejectedException.class);
      assertThat(timed(registry, "success")).isEqualTo(2);
      assertThat(timed(registry, "conflict")).isEqualTo(1);
      assertThat(timed(registry, "rejected")).isEqualTo(1);
      assertThat(timed(registry, "unknown")).isZero();
    }
  }

  private static long timed(SimpleMeterRegistry registry, String outcome) {
    return registry.get("holdfast.eventstore.appends").tag("outcome", outcome).timer().count();
  }
}
