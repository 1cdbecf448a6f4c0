// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendOutcome;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.it.TestCluster;
import io.holdfast.testkit.CassandraExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a stream reads the ids of its events to find out whether an append was made already. */
class KnownIdsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /** Drawn ids are looked for after a sixth of the time-out, which no append here takes. */
  private static final String SETTINGS =
      """
      holdfast.event-store.append-timeout = 10 minutes
      %s
      """
          .formatted(QueryLog.SETTING);

  private static AppendEventInput<String> input(String stream, String text) {
    return AppendEventInput.of(stream, NewEvent.of("Noted", text));
  }

  private static AppendEventInput<String> inputWithId(String stream, String id, String text) {
    return AppendEventInput.of(stream, NewEvent.of("Noted", text).withId(id));
  }

  private static long readsOfEvents() {
    return QueryLog.QUERIES.stream()
        .filter(query -> query.startsWith("SELECT") && query.contains("json"))
        .count();
  }

  @Test
  void onlyWhenAnIdOfTheClientsComesToEventsWithDrawnOnes() {
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, SETTINGS)) {
      EventStore store = cluster.store(0);
      String drawn = get(store.append(input("drawn", "one"))).event().id();
      get(store.append(input("drawn", "two")));
      QueryLog.QUERIES.clear();

      get(store.append(inputWithId("drawn", "own", "three")));
      assertThat(readsOfEvents()).isEqualTo(1);
      get(store.append(inputWithId("drawn", "own-2", "four")));
      assertThat(readsOfEvents()).isEqualTo(1);
      assertThat(get(store.tryAppend(inputWithId("drawn", drawn, "one"))))
          .isInstanceOf(AppendOutcome.AlreadyAppended.class);
      assertThat(get(store.tryAppend(inputWithId("drawn", "own", "three"))))
          .isInstanceOf(AppendOutcome.AlreadyAppended.class);
      assertThat(get(store.getStreamVersion("drawn"))).isEqualTo(4);
    }
  }

  @Test
  void notAtAllInAStreamThatBeganWithThem() {
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, SETTINGS)) {
      EventStore store = cluster.store(0);
      get(store.getStreamVersion("other"));
      QueryLog.QUERIES.clear();
      get(store.append(inputWithId("own", "e-1", "one")));
      get(store.append(input("own", "two")));
      get(store.append(inputWithId("own", "e-3", "three")));
      assertThat(readsOfEvents()).isZero();
      assertThat(get(store.tryAppend(inputWithId("own", "e-1", "one"))))
          .isInstanceOf(AppendOutcome.AlreadyAppended.class);
    }
  }
}
