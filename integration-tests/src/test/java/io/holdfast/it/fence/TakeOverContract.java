// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.it.fence.CqlGate.Side;
import io.holdfast.it.fence.StreamHistory.Attempt;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One system is frozen, another takes its stream and writes, the first goes on: nothing that was
 * acknowledged is lost, and the first learns what happened.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TakeOverContract {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private final ContenderKind kind;
  private final Rivals rivals = new Rivals(CASSANDRA, "");
  private final CqlGate gate = rivals.startGate();
  private Contender gated;
  private Contender rival;
  private Contender earlier;
  private Contender fresh;

  TakeOverContract(ContenderKind kind) {
    this.kind = kind;
  }

  @BeforeAll
  void start() {
    gated = rivals.start(kind, gate);
    rival = rivals.start(kind);
    earlier = rivals.start(kind);
    fresh = rivals.start(kind);
  }

  @AfterAll
  void stop() {
    rivals.close();
  }

  @AfterEach
  void thaw() {
    gate.thaw();
  }

  static Stream<Arguments> appends() {
    List<Arguments> cases = new ArrayList<>();
    for (FreezePoint point : FreezePoint.values()) {
      cases.add(Arguments.of(point, 1));
      cases.add(Arguments.of(point, 3));
    }
    return Repetitions.of(cases);
  }

  @ParameterizedTest
  @MethodSource("appends")
  void answersTrulyToAnAppendThatMeetsATakeOver(FreezePoint point, int events) throws Exception {
    StreamHistory history = new StreamHistory();
    history.store(gated, 1);

    point.arm(gate, history.stream());
    Attempt append = history.begin(gated, events);
    gate.awaitFrozen();
    history.store(rival, events);
    List<String> truth = history.read(rival);
    gate.thaw();

    assertThat(append.answer().outcome()).isEqualTo(point.outcome());
    if (append.answer().isAcknowledged()) {
      // It does not know yet that it was deposed.
      assertThat(history.append(gated, events).outcome()).isEqualTo(Outcome.UNKNOWN);
    }
    assertThat(history.read(gated)).isEqualTo(truth);
    history.store(gated, events);
    history.verify(fresh);
  }

  static Stream<Arguments> creations() {
    return Repetitions.of(List.of(Arguments.of(Side.BEFORE), Arguments.of(Side.AFTER)));
  }

  @ParameterizedTest
  @MethodSource("creations")
  void letsOneOfTwoCreateAStream(Side side) throws Exception {
    StreamHistory history = new StreamHistory();
    gate.freezeAt(CqlRequest.CREATION.of(history.stream()), 1, side);
    Attempt append = history.begin(gated, 2);
    gate.awaitFrozen();
    history.store(rival, 2);
    List<String> truth = history.read(rival);
    gate.thaw();

    // One that has not become the owner has written nothing.
    assertThat(append.answer().outcome())
        .isEqualTo(side == Side.BEFORE ? Outcome.UNAVAILABLE : Outcome.UNKNOWN);
    assertThat(history.read(gated)).isEqualTo(truth);
    history.store(gated, 1);
    history.verify(fresh);
  }

  static Stream<Arguments> claims() {
    List<Arguments> cases = new ArrayList<>();
    for (ClaimStep step : ClaimStep.values()) {
      for (Side side : Side.values()) {
        cases.add(Arguments.of(step, side, true));
        cases.add(Arguments.of(step, side, false));
      }
    }
    return Repetitions.of(cases);
  }

  @ParameterizedTest
  @MethodSource("claims")
  void goesOnAfterAClaimThatWasHeldUp(ClaimStep step, Side side, boolean rivalOwnsTheStream)
      throws Exception {
    StreamHistory history = new StreamHistory();
    Contender owner = rivalOwnsTheStream ? rival : earlier;
    if (step.ownerIsIdle()) {
      history.store(rivalOwnsTheStream ? earlier : rival, 2);
      assertThat(history.read(owner)).hasSize(2);
    } else {
      history.store(owner, 2);
    }

    gate.freezeAt(step.request().of(history.stream()), 1, side);
    CompletionStage<List<String>> claim = gated.read(history.stream());
    gate.awaitFrozen();
    history.storeComingBack(rival, 2);
    List<String> truth = history.read(rival);
    gate.thaw();

    assertThat(truth).startsWith(get(claim).toArray(String[]::new));
    Answer answer = history.append(gated, 2);
    if (!answer.isAcknowledged()) {
      assertThat(answer.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(history.read(gated)).isEqualTo(truth);
      history.store(gated, 2);
    }
    history.verify(fresh);
  }
}
