// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.eventstore.protocol.ReadConsistency.LINEARIZABLE;
import static io.holdfast.eventstore.protocol.ReadConsistency.OWNER;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.eventstore.protocol.StreamCommand;
import io.holdfast.eventstore.protocol.StreamReply;
import io.holdfast.it.TestCluster;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node whose stream another cluster takes over, as after a network partition without a downing
 * provider: what it answers while its actor knows nothing of that.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadConsistencyTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int QUESTIONS = 200;

  /** A question that a version answers. */
  private record Question(String name, Ask ask) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Ask {
    CompletionStage<Long> ask(TestCluster cluster, String stream, ReadConsistency consistency);
  }

  private TestCluster deposed;
  private TestCluster rival;

  @BeforeAll
  void start() {
    String keyspace = CASSANDRA.newKeyspaceName();
    deposed = TestCluster.start(CASSANDRA, keyspace, 1, QueryLog.SETTING);
    rival = TestCluster.start(CASSANDRA, keyspace, 1, "");
  }

  @AfterAll
  void stop() {
    rival.close();
    deposed.close();
  }

  static Stream<Question> questions() {
    return Stream.of(
        new Question(
            "version",
            (cluster, stream, consistency) ->
                cluster.store(0).getStreamVersion(stream, consistency)),
        new Question(
            "existence",
            (cluster, stream, consistency) ->
                cluster
                    .store(0)
                    .streamExists(stream, consistency)
                    .thenApply(exists -> exists ? 1L : 0L)),
        new Question(
            "read",
            (cluster, stream, consistency) ->
                cluster
                    .store(0)
                    .readStream(stream, ReadStreamOptions.all().consistency(consistency))
                    .thenApply(read -> (long) read.events().size())),
        new Question("page of the actor", ReadConsistencyTest::readPage));
  }

  private static CompletionStage<Long> readPage(
      TestCluster cluster, String stream, ReadConsistency consistency) {
    return AskPattern.<StreamCommand, StreamReply.ToRead>ask(
            ClusterSharding.get(cluster.node(0).system())
                .entityRefFor(EntityTypeKey.create(StreamCommand.class, "holdfast-stream"), stream),
            replyTo -> new StreamCommand.Read(1, 100, 100, false, consistency, replyTo),
            Patience.LIMIT,
            cluster.node(0).system().scheduler())
        .thenApply(reply -> (long) ((StreamReply.Page) reply).events().size());
  }

  @ParameterizedTest
  @MethodSource("questions")
  void aStreamThatWasTakenOver(Question question) {
    boolean existence = question.name().equals("existence");
    untilTheDeposedHasNotHeardByItself(
        stream -> {
          boolean remembers = get(question.ask().ask(deposed, stream, OWNER)) == 1;
          assertThat(get(question.ask().ask(deposed, stream, LINEARIZABLE)))
              .isEqualTo(existence ? 1 : 2);
          // And the deposed one has come back with the truth.
          assertThat(get(deposed.store(0).getStreamVersion(stream, OWNER))).isEqualTo(2);
          return remembers;
        });
  }

  /**
   * Takes streams over, each with one event before and one after. An idle node reads each few
   * seconds what it has lost.
   *
   * @param test answers whether the deposed node went by its memory
   */
  private void untilTheDeposedHasNotHeardByItself(Predicate<String> test) {
    await()
        .until(
            () -> {
              String stream = "taken-over-" + UUID.randomUUID();
              get(deposed.store(0).append(event(stream)));
              get(rival.store(0).append(event(stream)));
              return test.test(stream);
            });
  }

  @ParameterizedTest
  @MethodSource("questions")
  void aStreamThatWasNewAndThatAnotherHasCreated(Question question) {
    String stream = "created-" + question.name();
    assertThat(get(question.ask().ask(deposed, stream, LINEARIZABLE))).isZero();
    get(rival.store(0).append(event(stream)));

    assertThat(get(question.ask().ask(deposed, stream, OWNER))).isZero();
    assertThat(get(question.ask().ask(deposed, stream, LINEARIZABLE))).isEqualTo(1);
  }

  @Test
  void aConflictIsNeverFoundAgainstAVersionOfThePast() {
    EventStore store = deposed.store(0);
    untilTheDeposedHasNotHeardByItself(
        stream -> {
          // By the actor's memory a conflict, in truth none. Nothing was stored, so one may try
          // again.
          boolean refused = isUnavailable(store.append(event(stream).withExpectedVersion(2)));
          if (refused) {
            get(store.append(event(stream).withExpectedVersion(2)));
          }
          assertThatThrownBy(() -> get(store.append(event(stream).withExpectedVersion(1))))
              .isInstanceOfSatisfying(
                  ConcurrencyException.class,
                  conflict -> assertThat(conflict.actualVersion()).isEqualTo(3));
          return refused;
        });
  }

  private static boolean isUnavailable(CompletionStage<?> append) {
    try {
      get(append);
      return false;
    } catch (UnavailableException refused) {
      return true;
    }
  }

  @Test
  void questionsShareTheirCost() {
    String stream = "shared";
    EventStore store = deposed.store(0);
    get(store.append(event(stream)));
    QueryLog.QUERIES.clear();
    for (int i = 0; i < QUESTIONS; i++) {
      assertThat(get(store.getStreamVersion(stream, OWNER))).isEqualTo(1);
    }
    // An idle system reads by itself, each few seconds.
    assertThat(fenceReads()).isLessThan(QUESTIONS / 2L);

    List<CompletionStage<Long>> answers = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      answers.add(store.getStreamVersion(stream));
    }
    answers.forEach(answer -> assertThat(get(answer)).isEqualTo(1));
    assertThat(fenceReads()).isBetween(1L, QUESTIONS / 2L);
  }

  @Test
  void aQuestionAmongAppendsIsAnsweredInTurn() {
    String stream = "among-appends";
    EventStore store = deposed.store(0);
    for (long version = 1; version <= QUESTIONS; version++) {
      CompletionStage<?> append =
          store.appendBatch(AppendBatchInput.of(stream, List.of(NewEvent.of("Noted", "x"))));
      CompletionStage<Long> question = store.getStreamVersion(stream);
      get(append);
      assertThat(get(question)).isBetween(version - 1, version);
      assertThat(get(store.getStreamVersion(stream))).isEqualTo(version);
    }
  }

  private static long fenceReads() {
    return QueryLog.QUERIES.stream()
        .filter(query -> query.startsWith("SELECT") && query.contains(".revocations"))
        .count();
  }

  private static AppendEventInput<String> event(String stream) {
    return AppendEventInput.of(stream, NewEvent.of("Noted", "x"));
  }
}
