// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import io.holdfast.it.Seeds;
import io.holdfast.it.fence.CqlGate.Side;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Systems that die in the middle of a claim, one after the other, beside an owner that lives. */
class KilledClaimersTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /** Where a claimer dies. */
  private record Death(ClaimStep step, Side side) {}

  private static List<Death> deaths(Random random) {
    List<Death> deaths = new ArrayList<>();
    for (ClaimStep step : ClaimStep.values()) {
      for (Side side : Side.values()) {
        deaths.add(new Death(step, side));
      }
    }
    Collections.shuffle(deaths, random);
    return deaths;
  }

  static Stream<Arguments> kinds() {
    return Repetitions.of(Arrays.stream(ContenderKind.values()).map(Arguments::of).toList());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void leaveTheOwnerWithAllThatItWasAcknowledged(ContenderKind kind) throws Exception {
    Random random = new Random(Seeds.next());
    try (Rivals rivals = new Rivals(CASSANDRA, "")) {
      Contender owner = rivals.start(kind);
      StreamHistory history = new StreamHistory();
      history.store(owner, 2);
      for (Death death : deaths(random)) {
        if (death.step().ownerIsIdle()) {
          takeAndLeave(rivals, kind, history);
        }
        claimAndDie(rivals, death, history);
        history.storeComingBack(owner, 1 + random.nextInt(3));
      }
      history.verify(rivals.start(kind));
    }
  }

  private static void takeAndLeave(Rivals rivals, ContenderKind kind, StreamHistory history) {
    try (Contender visitor = rivals.start(kind)) {
      history.read(visitor);
    }
  }

  private static void claimAndDie(Rivals rivals, Death death, StreamHistory history)
      throws Exception {
    CqlGate gate = rivals.startGate();
    // Of either kind: it does not live to read an event.
    try (Contender claimer = rivals.start(ContenderKind.PERSISTENT_ACTOR, gate)) {
      gate.freezeAt(death.step().request().of(history.stream()), 1, death.side());
      claimer.read(history.stream());
      gate.awaitFrozen();
      gate.kill();
    }
  }
}
