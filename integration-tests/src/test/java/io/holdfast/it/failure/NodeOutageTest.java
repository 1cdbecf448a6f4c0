// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.it.Seeds;
import io.holdfast.it.SingleTries;
import io.holdfast.it.TestCluster;
import io.holdfast.it.failure.AppendHistory.Outcome;
import io.holdfast.it.journal.JournalSystem;
import io.holdfast.it.journal.JournalSystem.Written;
import io.holdfast.journal.JournalException;
import io.holdfast.testkit.CassandraExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A Cassandra node of this test's own, frozen and restarted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeOutageTest {
  // Only for the configuration and the names that tests share; nothing here connects to it.
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  @TempDir static Path folder;

  private EmbeddedCassandra node;

  @BeforeAll
  void start() {
    node = startNode();
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private static EmbeddedCassandra startNode() {
    return EmbeddedCassandra.builder().dataFolder(folder.resolve("node")).start();
  }

  private String connection() {
    return """
        datastax-java-driver.basic {
          contact-points = ["127.0.0.1:%d"]
          load-balancing-policy.local-datacenter = "%s"
        }
        """
        .formatted(node.contactPoint().getPort(), node.datacenter());
  }

  private TestCluster cluster(String keyspace, int nodes, String settings) {
    return TestCluster.start(CASSANDRA, keyspace, nodes, connection() + settings);
  }

  private static void awaitMore(AppendHistory history, Outcome outcome, int more) {
    long enough = history.count(outcome) + more;
    await().until(() -> history.count(outcome) >= enough);
  }

  @Test
  void answersTrulyWhileCassandraIsFrozen() throws Exception {
    long seed = Seeds.next();
    String keyspace = CASSANDRA.newKeyspaceName();
    String partitions = "holdfast.cassandra.partition-size = 1000\n";
    String settings =
        partitions
            + """
            datastax-java-driver.profiles.holdfast.basic.request.timeout = 1 second
            holdfast.journal.circuit-breaker.max-failures = 1000000
            """;
    Appenders appenders;
    try (TestCluster cluster = cluster(keyspace, 1, settings)) {
      appenders = Appenders.start(SingleTries.of(cluster.node(0).system()), 6, seed);
      try {
        for (int round = 0; round < 2; round++) {
          appenders.histories().forEach(history -> awaitMore(history, Outcome.APPENDED, 3));
          node.pause();
          for (AppendHistory history : appenders.histories()) {
            long failures = history.failures();
            await().until(() -> history.failures() > failures + 1);
          }
          node.resume();
        }
        appenders.histories().forEach(history -> awaitMore(history, Outcome.APPENDED, 3));
      } finally {
        node.resume();
        appenders.stop();
      }
      System.out.println(appenders.histories());
      assertThat(appenders.count(Outcome.UNKNOWN)).isPositive();
      for (AppendHistory history : appenders.histories()) {
        await()
            .until(
                () ->
                    history.append(SingleTries.of(cluster.node(0).system()), 1)
                        == Outcome.APPENDED);
      }
    }
    // On a slow machine, a read of the first might take more than its second.
    try (TestCluster patient = cluster(keyspace, 1, partitions);
        CqlSession session =
            CqlSession.builder()
                .addContactPoint(node.contactPoint())
                .withLocalDatacenter(node.datacenter())
                .build()) {
      for (AppendHistory history : appenders.histories()) {
        history.verify(patient.node(0));
        history.verifyRows(patient.node(0), session, keyspace, 1_000);
      }
    }
  }

  /** The driver gives up after ten seconds, and so does not the journal's circuit breaker. */
  @Test
  void failsTheWritesOfPersistentActorsWhileCassandraIsAwayForTenSeconds() throws Exception {
    String settings =
        """
        datastax-java-driver.profiles.holdfast.basic.request.timeout = 10 seconds
        holdfast.cassandra.partition-size = 2
        """;
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), connection() + settings)) {
      List<String> ids = IntStream.range(0, 10).mapToObj(i -> "actor-" + i).toList();
      ids.forEach(id -> journal.store(id, 1, "1", "2"));
      node.pause();
      List<CompletableFuture<Written>> writes;
      try {
        writes =
            ids.stream()
                .map(
                    id ->
                        CompletableFuture.supplyAsync(
                            () ->
                                journal.write(
                                    JournalSystem.atomic(id, 3, "3"),
                                    JournalSystem.atomic(id, 4, "4", "5"))))
                .toList();
        for (CompletableFuture<Written> write : writes) {
          Written written = get(write);
          assertThat(written.stored()).isEmpty();
          assertThat(written.rejected()).isEmpty();
          assertThat(written.failure())
              .isInstanceOfSatisfying(
                  JournalException.class,
                  failure ->
                      assertThat(failure.outcome()).isEqualTo(JournalException.Outcome.UNKNOWN));
        }
      } finally {
        node.resume();
      }
      for (String id : ids) {
        List<String> recovered = journal.replay(id).texts();
        assertThat(recovered)
            .isIn(List.of("1", "2"), List.of("1", "2", "3"), List.of("1", "2", "3", "4", "5"));
        journal.store(id, recovered.size() + 1, "after");
        assertThat(journal.replay(id).texts()).hasSize(recovered.size() + 1).endsWith("after");
      }
    }
  }

  /** The driver would wait for an hour: nobody but the journal itself can give the writes up. */
  @Test
  void answersEveryPersistOverARestartOfTheJournalsActor() {
    String settings =
        """
        datastax-java-driver.profiles.holdfast.basic.request.timeout = 1 hour
        holdfast.journal.circuit-breaker { call-timeout = 7 seconds, max-failures = 1000000 }
        """;
    String keyspace = CASSANDRA.newKeyspaceName();
    List<String> ids = IntStream.range(0, 10).mapToObj(i -> "actor-" + i).toList();
    try (JournalSystem patient = JournalSystem.start(CASSANDRA, keyspace, connection())) {
      ids.forEach(id -> patient.store(id, 1, "1"));
    }
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, keyspace, connection() + settings)) {
      // While it connects, and on a slow machine later, too, more than its seconds may pass.
      ids.forEach(id -> await().untilAsserted(() -> journal.replay(id)));
      node.pause();
      try {
        List<Supplier<Written>> writes =
            ids.stream().map(id -> journal.send(JournalSystem.atomic(id, 2, "2"))).toList();
        journal.restart();
        for (Supplier<Written> write : writes) {
          assertThat(write.get().failure())
              .isInstanceOf(TimeoutException.class)
              .hasMessageContaining("circuit-breaker.call-timeout");
        }
      } finally {
        node.resume();
      }
      ids.forEach(id -> await().untilAsserted(() -> journal.replay(id)));
    }
    try (JournalSystem patient = JournalSystem.start(CASSANDRA, keyspace, connection())) {
      for (String id : ids) {
        List<String> recovered = patient.replay(id).texts();
        assertThat(recovered).isIn(List.of("1"), List.of("1", "2"));
        patient.store(id, recovered.size() + 1, "after");
        assertThat(patient.replay(id).texts()).hasSize(recovered.size() + 1).endsWith("after");
      }
    }
  }

  @Test
  void keepsEverythingOverARestartOfEverything() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    String keyspace = CASSANDRA.newKeyspaceName();
    String settings = "holdfast.cassandra.partition-size = 20";
    List<AppendHistory> histories = new ArrayList<>();
    List<String> actorEvents = List.of("one", "two", "three");
    try (TestCluster cluster = cluster(keyspace, 2, settings)) {
      for (int stream = 0; stream < 10; stream++) {
        AppendHistory history = new AppendHistory("stream-" + stream);
        histories.add(history);
        for (int batch = 0; batch < 10; batch++) {
          assertThat(
                  history.append(
                      SingleTries.of(cluster.node(batch % 2).system()), 1 + random.nextInt(10)))
              .isEqualTo(Outcome.APPENDED);
        }
      }
    }
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, keyspace, connection() + settings)) {
      journal.store("actor", 1, actorEvents.toArray(String[]::new));
    }
    node.close();
    node = startNode();

    try (TestCluster cluster = cluster(keyspace, 1, settings)) {
      for (AppendHistory history : histories) {
        history.verify(cluster.node(0));
        assertThat(history.append(SingleTries.of(cluster.node(0).system()), 3))
            .isEqualTo(Outcome.APPENDED);
        history.verify(cluster.node(0));
      }
    }
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, keyspace, connection() + settings)) {
      assertThat(journal.replay("actor").texts()).isEqualTo(actorEvents);
      journal.store("actor", 4, "four");
      assertThat(journal.replay("actor").texts()).containsExactly("one", "two", "three", "four");
    }
  }
}
