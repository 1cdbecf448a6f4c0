// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.it.fence.StreamHistory.Attempt;
import io.holdfast.testkit.CassandraExtension;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two systems whose clocks are an hour apart take a stream from each other. */
class DifferentClocksTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int TURNS = 3;

  static Stream<Arguments> clocks() {
    List<Arguments> cases = new ArrayList<>();
    for (ContenderKind kind : ContenderKind.values()) {
      cases.add(Arguments.of(kind, Duration.ofHours(1)));
      cases.add(Arguments.of(kind, Duration.ofHours(-1)));
    }
    return Repetitions.of(cases);
  }

  @ParameterizedTest
  @MethodSource("clocks")
  void loseNothingOfEachOther(ContenderKind kind, Duration ahead) throws Exception {
    InstantSource clock = Clock.offset(Clock.systemUTC(), ahead);
    try (Rivals rivals = new Rivals(CASSANDRA, "")) {
      CqlGate gate = rivals.startGate();
      Contender gated = rivals.start(kind, gate, clock);
      Contender rival = rivals.start(kind);
      Contender fresh = rivals.start(kind);

      StreamHistory turns = new StreamHistory();
      for (int turn = 1; turn <= TURNS; turn++) {
        turns.storeComingBack(gated, 2);
        turns.storeComingBack(rival, 2);
      }
      turns.verify(fresh);

      for (FreezePoint point : FreezePoint.values()) {
        meet(gate, gated, rival, fresh, point);
      }
    }
  }

  /** On a stream that both have owned before. */
  private static void meet(
      CqlGate gate, Contender gated, Contender rival, Contender fresh, FreezePoint point)
      throws Exception {
    StreamHistory history = new StreamHistory();
    history.store(rival, 1);
    history.store(gated, 1);
    point.arm(gate, history.stream());
    Attempt append = history.begin(gated, 2);
    gate.awaitFrozen();
    history.storeComingBack(rival, 2);
    List<String> truth = history.read(rival);
    gate.thaw();

    assertThat(append.answer().outcome()).as("%s", point).isEqualTo(point.outcome());
    if (append.answer().isAcknowledged()) {
      assertThat(history.append(gated, 1).outcome()).isEqualTo(Outcome.UNKNOWN);
    }
    assertThat(history.read(gated)).as("%s", point).isEqualTo(truth);
    history.store(gated, 1);
    history.verify(fresh);
  }
}
