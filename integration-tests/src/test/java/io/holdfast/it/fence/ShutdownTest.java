// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.TestConfig;
import io.holdfast.it.fence.Answer.Outcome;
import io.holdfast.it.fence.CqlGate.Side;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.jdk.javaapi.FutureConverters;

/** What becomes of writes while an actor system shuts down in good order. */
class ShutdownTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();

  private static ActorSystem start(String settings) {
    return ActorSystem.create("shutdown", TestConfig.journal(CASSANDRA, KEYSPACE, settings));
  }

  private static CompletableFuture<Done> shutDown(ActorSystem system) {
    return CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.unknownReason())
        .toCompletableFuture();
  }

  private static CompletableFuture<Answer> append(ActorRef<Scroll.Command> actor, String text) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    actor.tell(new Scroll.Append(List.of(text), answer));
    return answer;
  }

  private static List<String> read(ActorSystem system, String stream) {
    CompletableFuture<List<String>> texts = new CompletableFuture<>();
    Adapter.spawnAnonymous(system, Scroll.create(stream)).tell(new Scroll.Read(texts));
    return get(texts);
  }

  @Test
  void waitsForTheWriteUnderWayAndRefusesTheNext() throws Exception {
    try (CqlGate gate = CqlGate.start(CASSANDRA.contactPoint())) {
      ActorSystem system =
          start(
              gate.settings()
                  + "pekko.coordinated-shutdown.phases.before-actor-system-terminate.timeout = 90 s");
      ActorRef<Scroll.Command> first = Adapter.spawnAnonymous(system, Scroll.create("first"));
      assertThat(get(append(first, "1")).isAcknowledged()).isTrue();
      // Each has recovered, and needs nothing of Cassandra to try a write.
      Queue<ActorRef<Scroll.Command>> others = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 50; i++) {
        ActorRef<Scroll.Command> other =
            Adapter.spawnAnonymous(system, Scroll.create("other-" + i));
        CompletableFuture<List<String>> recovered = new CompletableFuture<>();
        other.tell(new Scroll.Read(recovered));
        assertThat(get(recovered)).isEmpty();
        others.add(other);
      }

      gate.freezeAt(CqlRequest.EVENT_WRITE.of("first"), 1, Side.BEFORE);
      CompletableFuture<Answer> underWay = append(first, "2");
      gate.awaitFrozen();
      CompletableFuture<Done> ended = shutDown(system);
      // The first ones may come before the shutdown, and wait at the gate.
      List<CompletableFuture<Answer>> late = new ArrayList<>();
      await()
          .pollInterval(IterativePollInterval.iterative(pause -> pause.plusMillis(100)))
          .until(
              () -> {
                late.add(append(others.remove(), "late"));
                return late.stream().anyMatch(ShutdownTest::isRefused);
              });
      assertThat(ended).isNotDone();
      assertThat(underWay).isNotDone();
      gate.thaw();

      // Its fence read was sent after the shutdown had begun.
      assertThat(get(underWay).isAcknowledged()).isTrue();
      get(ended);
    }
  }

  private static boolean isRefused(CompletableFuture<Answer> answer) {
    return answer.isDone() && answer.join().outcome() == Outcome.UNAVAILABLE;
  }

  @Test
  void losesNothingThatWasAcknowledged() {
    ActorSystem system = start("");
    Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();
    List<Loop> loops =
        IntStream.range(0, 40).mapToObj(i -> new Loop(system, "loop-" + i, acknowledged)).toList();
    loops.forEach(Loop::next);
    await().until(() -> acknowledged.size() == loops.size());
    get(shutDown(system));

    ActorSystem later = start("");
    try {
      acknowledged.forEach(
          (stream, texts) ->
              assertThat(read(later, stream))
                  .startsWith(texts.toArray(String[]::new))
                  .hasSizeLessThanOrEqualTo(texts.size() + 1));
    } finally {
      get(FutureConverters.asJava(later.terminate()));
    }
  }

  /** Appends one text after the other, until one fails. */
  private static final class Loop {
    private final String stream;
    private final ActorRef<Scroll.Command> actor;
    private final Map<String, List<String>> acknowledged;
    private final List<String> mine = new ArrayList<>();

    Loop(ActorSystem system, String stream, Map<String, List<String>> acknowledged) {
      this.stream = stream;
      this.actor = Adapter.spawnAnonymous(system, Scroll.create(stream));
      this.acknowledged = acknowledged;
    }

    void next() {
      String text = "text " + mine.size();
      var unused =
          append(actor, text)
              .thenAccept(
                  answer -> {
                    if (answer.isAcknowledged()) {
                      mine.add(text);
                      acknowledged.put(stream, List.copyOf(mine));
                      next();
                    }
                  });
    }
  }
}
