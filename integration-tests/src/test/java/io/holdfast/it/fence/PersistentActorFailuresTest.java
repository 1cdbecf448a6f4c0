// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.Stages;
import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.it.fence.CqlGate.Side;
import io.holdfast.testkit.CassandraExtension;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What persistent actors are told when a request to Cassandra is slow, late or too many. */
class PersistentActorFailuresTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();
  private static final String IMPATIENT =
      "\ndatastax-java-driver.profiles.holdfast.basic.request.timeout = 6 s";

  private final String id = "actor-" + UUID.randomUUID();

  private static PersistentActors start(String settings) {
    return PersistentActors.start(CASSANDRA, KEYSPACE, settings, InstantSource.system());
  }

  private static Answer append(Contender actors, String stream, String... texts) {
    return get(actors.append(stream, List.of(texts)));
  }

  /** Applied, or on its way and applied later: the actor cannot know, and fails. */
  @ParameterizedTest
  @EnumSource(Side.class)
  void failsAWriteThatTimedOutAndRecoversWhatBecameOfIt(Side side) throws Exception {
    try (CqlGate gate = CqlGate.start(CASSANDRA.contactPoint());
        PersistentActors actors = start(gate.settings() + IMPATIENT)) {
      assertThat(append(actors, id, "a").outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
      gate.freezeAt(CqlRequest.EVENT_WRITE.of(id), 1, side);
      CompletionStage<Answer> late = actors.append(id, List.of("b", "c"));
      gate.awaitFrozen();
      assertThat(get(late).outcome()).isEqualTo(Outcome.UNKNOWN);
      gate.thaw();
      List<String> recovered = get(actors.read(id));
      if (side == Side.AFTER) {
        assertThat(recovered).containsExactly("a", "b", "c");
      } else {
        assertThat(recovered).isIn(List.of("a"), List.of("a", "b", "c"));
      }
      assertThat(append(actors, id, "d").outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
      List<String> whole = new ArrayList<>(recovered);
      whole.add("d");
      try (PersistentActors elsewhere = start("")) {
        assertThat(get(elsewhere.read(id))).isEqualTo(whole);
      }
    }
  }

  @Test
  void answersOtherActorsWhileOnePartitionIsSlow() throws Exception {
    try (CqlGate gate = CqlGate.start(CASSANDRA.contactPoint());
        PersistentActors actors = start(gate.settings())) {
      append(actors, id, "a");
      gate.holdAnswers(CqlRequest.EVENT_WRITE.of(id));
      CompletionStage<Answer> slow = actors.append(id, List.of("b"));
      await().until(() -> gate.heldAnswers() == 1);
      for (int i = 0; i < 20; i++) {
        String other = "other-%d-than-%s".formatted(i, UUID.randomUUID());
        assertThat(append(actors, other, "1", "2").outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(append(actors, other, "3").outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
      }
      assertThat(slow.toCompletableFuture()).isNotDone();
      gate.releaseAnswers();
      assertThat(get(slow).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
      assertThat(get(actors.read(id))).containsExactly("a", "b");
    }
  }

  /** Streams of one event each; others than those of which even that was refused or in doubt. */
  private List<String> someStreams(PersistentActors actors) {
    List<String> streams = new ArrayList<>();
    for (int i = 0; i < 1_000 && streams.size() < 60; i++) {
      String stream = "busy-%d-%s".formatted(i, id);
      if (append(actors, stream, "a").isAcknowledged()) {
        streams.add(stream);
      }
    }
    assertThat(streams).hasSize(60);
    return streams;
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  /** One request is under way, and its answer held back, so that the queue is full for sure. */
  @Test
  void refusesWhatIsTooMuchAndKeepsWhatItAcknowledged() throws Exception {
    String settings =
        """
        holdfast.cassandra { max-concurrent-requests = 1, max-queued-requests = 5 }
        """;
    Map<String, CompletionStage<Answer>> answers = new LinkedHashMap<>();
    try (CqlGate gate = CqlGate.start(CASSANDRA.contactPoint());
        PersistentActors actors = start(gate.settings() + settings)) {
      List<String> streams = someStreams(actors);
      String first = streams.get(0);
      gate.holdAnswers(CqlRequest.EVENT_WRITE.of(first));
      answers.put(first, actors.append(first, List.of("b", "c")));
      await().until(() -> gate.heldAnswers() == 1);
      streams
          .subList(1, streams.size())
          .forEach(stream -> answers.put(stream, actors.append(stream, List.of("b", "c"))));
      await().until(() -> answers.values().stream().anyMatch(PersistentActorFailuresTest::isDone));
      gate.releaseAnswers();
      answers.values().forEach(Stages::get);
    }
    Map<Outcome, Integer> counts = new LinkedHashMap<>();
    try (PersistentActors elsewhere = start("")) {
      answers.forEach(
          (stream, answer) -> {
            Outcome outcome = get(answer).outcome();
            counts.merge(outcome, 1, Integer::sum);
            List<String> stored = get(elsewhere.read(stream));
            switch (outcome) {
              case ACKNOWLEDGED -> assertThat(stored).containsExactly("a", "b", "c");
              case UNAVAILABLE -> assertThat(stored).containsExactly("a");
              case UNKNOWN -> assertThat(stored).isIn(List.of("a"), List.of("a", "b", "c"));
            }
          });
    }
    assertThat(counts).containsKeys(Outcome.ACKNOWLEDGED, Outcome.UNAVAILABLE);
  }
}
