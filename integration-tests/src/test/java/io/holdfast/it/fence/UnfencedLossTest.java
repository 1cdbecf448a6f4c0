// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.fence.StreamHistory.Attempt;
import io.holdfast.testkit.CassandraExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fencing prevents: without it the same take-overs lose acknowledged events. */
class UnfencedLossTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /** In a keyspace of its own: all nodes of one have the same. */
  private static final String UNFENCED =
      "holdfast.journal.fencing = off\nholdfast.cassandra.keyspace = %s\n"
          .formatted(CASSANDRA.newKeyspaceName());

  @ParameterizedTest
  @EnumSource
  void losesAnAppendThatMeetsATakeOver(ContenderKind kind) throws Exception {
    try (Rivals rivals = new Rivals(CASSANDRA, UNFENCED)) {
      CqlGate gate = rivals.startGate();
      Contender gated = rivals.start(kind, gate);
      Contender rival = rivals.start(kind);
      Contender fresh = rivals.start(kind);
      for (int events : new int[] {1, 3}) {
        StreamHistory history = new StreamHistory();
        history.store(gated, 1);

        FreezePoint.BEFORE_EVENT_WRITE.arm(gate, history.stream());
        Attempt append = history.begin(gated, events);
        gate.awaitFrozen();
        history.store(rival, events);
        gate.thaw();

        assertThat(append.answer().isAcknowledged()).isTrue();
        assertThat(history.lostIn(history.read(fresh))).hasSize(events);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void losesAnAppendOfADeposedSystem(ContenderKind kind) throws Exception {
    try (Rivals rivals = new Rivals(CASSANDRA, UNFENCED)) {
      Contender deposed = rivals.start(kind);
      Contender rival = rivals.start(kind);
      Contender fresh = rivals.start(kind);
      for (int events : new int[] {1, 3}) {
        StreamHistory history = new StreamHistory();
        history.store(deposed, 1);
        history.store(rival, events);
        history.store(deposed, events);
        assertThat(history.lostIn(history.read(fresh))).hasSize(events);
      }
    }
  }
}
