// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import io.holdfast.it.TestConfig;
import io.holdfast.it.process.Answer.Outcome;
import io.holdfast.it.process.Subject.Kind;
import io.holdfast.testkit.CassandraExtension;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A whole process is stopped (SIGSTOP) in the middle of its appends, another node takes its streams
 * over and writes, and then the first goes on as if nothing had happened.
 */
class StoppedProcessTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int ROUNDS = Integer.getInteger("holdfast.test.repetitions", 1);
  private static final int SUBJECTS = 8;

  /** B is the oldest member and decides; A is taken out some seconds after it fell silent. */
  private static final String ONE_CLUSTER =
      """
      pekko.cluster {
        failure-detector.acceptable-heartbeat-pause = 8 s
        split-brain-resolver {
          active-strategy = keep-oldest
          keep-oldest.down-if-alone = off
          stable-after = 1 s
        }
      }
      holdfast.event-store {
        number-of-shards = 20
        append-timeout = 5 s
      }
      """;

  private static Config config(String keyspace, String settings) {
    return TestConfig.node(CASSANDRA, keyspace, LocalNode.QUICK_END + settings);
  }

  /** Clusters of one node on one keyspace, as after a partition that nobody resolves. */
  private static LocalNode alone(String name, String keyspace, String settings) {
    LocalNode node = LocalNode.start(name, config(keyspace, settings));
    get(node.join(node.address()));
    return node;
  }

  private static NodeProcess processAlone(String name, String keyspace, String settings) {
    NodeProcess node = NodeProcess.start(name, config(keyspace, settings));
    get(node.join(node.address()));
    return node;
  }

  private static void awaitTrue(Callable<Boolean> condition) {
    await().until(condition);
  }

  private static void awaitAcknowledged(Chronicle chronicle, Node writer, long version) {
    awaitTrue(() -> chronicle.acknowledged(writer) >= version);
  }

  /** B and a node that has just started read the same, and it is what the writers were told. */
  private static void verify(List<Chronicle> chronicles, Node reader, String keyspace) {
    try (LocalNode fresh = alone("fresh", keyspace, "")) {
      for (Chronicle chronicle : chronicles) {
        // Afterwards the reader's own view is not a stale one.
        chronicle.appendUntilAcknowledged(reader);
        List<String> history = get(reader.history(chronicle.subject()));
        chronicle.verify(history);
        assertThat(get(fresh.history(chronicle.subject()))).isEqualTo(history);
      }
    }
  }

  @Test
  void appendAfterTheStopFailsAsUnknownAndTheNextSucceeds() {
    String keyspace = CASSANDRA.newKeyspaceName();
    try (NodeProcess a = processAlone("A", keyspace, "");
        LocalNode b = alone("B", keyspace, "")) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Kind kind : Kind.values()) {
          Chronicle chronicle = takenOverWhileStopped(kind, a, b);
          assertThat(chronicle.append(a).outcome()).as("%s", chronicle).isEqualTo(Outcome.UNKNOWN);
          assertThat(chronicle.append(a)).isEqualTo(Answer.appended(4));
          List<String> history = List.of("A-1", "B-1", "B-2", "A-3");
          assertThat(get(a.history(chronicle.subject()))).isEqualTo(history);
          try (LocalNode fresh = alone("fresh", keyspace, "")) {
            assertThat(get(fresh.history(chronicle.subject()))).isEqualTo(history);
          }
        }
      }
    }
  }

  /** What the fence is for: the same as above without it. */
  @Test
  void withoutTheFenceAnAcknowledgedEventIsLost() {
    String keyspace = CASSANDRA.newKeyspaceName();
    String off = "holdfast.journal.fencing = off\n";
    try (NodeProcess a = processAlone("A", keyspace, off);
        LocalNode b = alone("B", keyspace, off);
        LocalNode fresh = alone("fresh", keyspace, off)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Kind kind : Kind.values()) {
          Chronicle chronicle = takenOverWhileStopped(kind, a, b);
          assertThat(chronicle.append(a)).isEqualTo(Answer.appended(2));
          List<String> history = get(fresh.history(chronicle.subject()));
          assertThat(history).containsExactly("A-1", "B-1", "B-2");
          assertThat(chronicle.lost(history)).containsExactly("A-2");
        }
      }
    }
  }

  /** A has appended one event and is stopped; B appends two; A goes on. */
  private static Chronicle takenOverWhileStopped(Kind kind, NodeProcess a, Node b) {
    Chronicle chronicle = new Chronicle(Subject.fresh(kind));
    assertThat(chronicle.append(a)).isEqualTo(Answer.appended(1));
    a.pause();
    assertThat(chronicle.append(b)).isEqualTo(Answer.appended(2));
    assertThat(chronicle.append(b)).isEqualTo(Answer.appended(3));
    a.resume();
    return chronicle;
  }

  @ParameterizedTest
  @EnumSource
  void losesNothingOfTwoLiveWriters(Kind kind) {
    String keyspace = CASSANDRA.newKeyspaceName();
    try (NodeProcess a = processAlone("A", keyspace, "");
        LocalNode b = alone("B", keyspace, "")) {
      for (int round = 0; round < ROUNDS; round++) {
        List<Chronicle> chronicles =
            IntStream.range(0, SUBJECTS).mapToObj(i -> new Chronicle(Subject.fresh(kind))).toList();
        chronicles.forEach(chronicle -> get(a.load(chronicle)));
        chronicles.forEach(chronicle -> awaitAcknowledged(chronicle, a, 5));
        a.pause();
        List<Long> takenAt =
            chronicles.stream().map(chronicle -> chronicle.append(b).version()).toList();
        chronicles.forEach(chronicle -> assertThat(chronicle.append(b).isAppended()).isTrue());
        a.resume();
        chronicles.forEach(
            chronicle -> awaitAcknowledged(chronicle, a, chronicle.acknowledged(b) + 1));
        get(a.halt());

        for (int i = 0; i < SUBJECTS; i++) {
          Chronicle chronicle = chronicles.get(i);
          long takenAtVersion = takenAt.get(i);
          assertThat(takenAtVersion).as("%s", chronicle).isPositive();
          // What A's first write after the take-over was told.
          Answer first =
              chronicle.answers(a).stream()
                  .dropWhile(answer -> answer.isAppended() && answer.version() < takenAtVersion)
                  .findFirst()
                  .orElseThrow();
          assertThat(first.outcome())
              .as("%s", chronicle)
              .isIn(Outcome.UNKNOWN, Outcome.UNAVAILABLE);
        }
        assertThat(chronicles)
            .anySatisfy(chronicle -> assertThat(chronicle.count(a, Outcome.UNKNOWN)).isPositive());
        verify(chronicles, b, keyspace);
      }
    }
  }

  @Test
  void losesNothingWhenTheClusterTakesTheStoppedNodeOut() {
    String keyspace = CASSANDRA.newKeyspaceName();
    for (int round = 0; round < ROUNDS; round++) {
      // A new cluster each time: the shards of the last would stay on B.
      try (LocalNode b = LocalNode.start("B", config(keyspace, ONE_CLUSTER));
          NodeProcess a = NodeProcess.start("A", config(keyspace, ONE_CLUSTER))) {
        get(b.join(b.address()));
        get(a.join(b.address()));
        awaitTrue(() -> b.members() == 2);
        List<Chronicle> chronicles = streamsOn(a);
        chronicles.forEach(chronicle -> get(a.load(chronicle)));
        chronicles.forEach(chronicle -> awaitAcknowledged(chronicle, a, 5));
        a.pause();
        awaitTrue(() -> b.members() == 1);
        chronicles.forEach(chronicle -> chronicle.appendUntilAcknowledged(b));
        chronicles.forEach(chronicle -> chronicle.appendUntilAcknowledged(b));
        a.resume();
        // It appends until it learns that it is no member any more.
        get(a.terminated());
        verify(chronicles, b, keyspace);
      }
    }
  }

  /** Some streams that live on a node, each with one event. */
  private static List<Chronicle> streamsOn(Node node) {
    List<Chronicle> chronicles =
        IntStream.range(0, 4 * SUBJECTS)
            .mapToObj(i -> new Chronicle(Subject.fresh(Kind.STREAM)))
            .toList();
    chronicles.forEach(chronicle -> chronicle.appendUntilAcknowledged(node));
    List<String> there = get(node.hosted());
    List<Chronicle> chosen =
        chronicles.stream()
            .filter(chronicle -> there.contains(chronicle.subject().id()))
            .limit(SUBJECTS)
            .toList();
    assertThat(chosen).isNotEmpty();
    return chosen;
  }
}
