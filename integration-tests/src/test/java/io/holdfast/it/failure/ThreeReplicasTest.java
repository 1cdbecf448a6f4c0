// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.embedded.EmbeddedCassandraCluster;
import io.holdfast.eventstore.ReadStreamOptions;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.UnknownOutcomeException;
import io.holdfast.it.SingleTries;
import io.holdfast.it.TestCluster;
import io.holdfast.it.fence.ClaimGate;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three replicas without hints, of which any two answer: what one of them has alone is read through
 * it and then without it, and must be whole or absent, for good.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreeReplicasTest {
  // Only for the configuration that tests share; nothing here connects to it.
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String SETTINGS =
      """
      holdfast.cassandra {
        partition-size = 4
        schema.replication.replication_factor = 3
      }
      holdfast.journal {
        max-batch-size = 4
        circuit-breaker.max-failures = 1000000
      }
      """;

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private EmbeddedCassandraCluster cassandra;
  private EmbeddedCassandra a;
  private EmbeddedCassandra b;
  private EmbeddedCassandra c;
  private Application owner;
  private Application other;

  /** An actor system that reaches Cassandra through one node, which is one of the replicas. */
  private static final class Application implements AutoCloseable {
    private final TestCluster cluster;
    private final SingleTries streams;

    Application(String keyspace, String settings) {
      this.cluster = TestCluster.start(CASSANDRA, keyspace, settings + SETTINGS);
      this.streams = SingleTries.of(cluster.node(0).system());
    }

    /** Appends new ids: the stream looks no earlier ones up. */
    CompletionStage<Long> append(String stream, String... ids) {
      return streams.append(stream, List.of(ids));
    }

    /** Repeats what is unavailable or unknown, with the same ids. */
    void store(String stream, long version, String... ids) {
      await()
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(get(streams.appendAgain(stream, List.of(ids)))).isEqualTo(version));
    }

    List<String> read(String stream) {
      return await()
          .ignoreExceptions()
          .until(
              () ->
                  get(
                      cluster
                          .store(0)
                          .streamEvents(stream, ReadStreamOptions.all())
                          .map(StreamDomainEvent::id)
                          .runWith(Sink.seq(), cluster.node(0).system())),
              ids -> true);
    }

    long version(String stream) {
      return await()
          .ignoreExceptions()
          .until(() -> get(cluster.store(0).getStreamVersion(stream)), version -> true);
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return Patience.get(stage);
  }

  @BeforeAll
  void start() {
    cassandra =
        EmbeddedCassandraCluster.builder()
            .nodes(3)
            .baseAddress("127.0.0.21")
            .heap("400m")
            .startTimeout(Duration.ofMinutes(8))
            .disposable()
            .setting("hinted_handoff_enabled", "false")
            .setting("write_request_timeout", "3s")
            // Nobody is taken for dead: a stopped replica gives no answers, and that is all.
            .setting("phi_convict_threshold", "16")
            .start();
    opened.add(cassandra);
    a = cassandra.node(0);
    b = cassandra.node(1);
    c = cassandra.node(2);
    owner = startThrough(a);
    other = startThrough(b);
  }

  @AfterAll
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @AfterEach
  void resumeAll() {
    cassandra.nodes().forEach(EmbeddedCassandra::resume);
    cassandra.awaitAllUp(Patience.LIMIT);
  }

  private Application startThrough(EmbeddedCassandra node) {
    return start(OneNode.settings(node.contactPoint(), cassandra.datacenter()));
  }

  private Application start(String settings) {
    Application system = new Application(keyspace, settings);
    opened.add(system);
    return system;
  }

  /** Appends as the owner, and repeats it with another stream until it is seen on A alone. */
  private String appendOnAAlone(String... ids) {
    String[] found = new String[1];
    await()
        .until(
            () -> {
              String stream = "stream-" + UUID.randomUUID();
              found[0] = stream;
              // The owner's epoch begins after these, so that a claim reads the epoch of event 4.
              other.store(stream, 3, "1", "2", "3");
              assertThat(owner.version(stream)).isEqualTo(3);
              b.pause();
              c.pause();
              CompletionStage<Long> append = owner.append(stream, ids);
              Throwable failure = failureOf(append);
              b.resume();
              c.resume();
              cassandra.awaitAllUp(Patience.LIMIT);
              return failure instanceof UnknownOutcomeException
                  && rows(a, stream) == 3 + ids.length
                  && rows(b, stream) == 3
                  && rows(c, stream) == 3;
            });
    return found[0];
  }

  private static @Nullable Throwable failureOf(CompletionStage<?> stage) throws Exception {
    try {
      get(stage);
      return null;
    } catch (Exception e) {
      return e.getCause() instanceof CompletionException wrapped
          ? wrapped.getCause()
          : e.getCause();
    }
  }

  /** How many rows of the stream the node itself has. */
  private long rows(EmbeddedCassandra node, String stream) {
    try (CqlSession session =
        CqlSession.builder()
            .addContactPoint(node.contactPoint())
            .withLocalDatacenter(node.datacenter())
            .withNodeDistanceEvaluator(
                (peer, datacenter) ->
                    peer.getEndPoint().resolve().equals(node.contactPoint())
                        ? null
                        : com.datastax.oss.driver.api.core.loadbalancing.NodeDistance.IGNORED)
            .withConfigLoader(
                DriverConfigLoader.programmaticBuilder()
                    .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60))
                    .build())
            .build()) {
      return session
          .execute(
              SimpleStatement.newInstance(
                      "SELECT seq_nr FROM %s.events WHERE persistence_id = ? AND partition_nr = 0"
                          .formatted(keyspace),
                      stream)
                  .setConsistencyLevel(ConsistencyLevel.ONE))
          .all()
          .size();
    }
  }

  private void assertThatAllRead(String stream, List<String> ids) {
    cassandra.nodes().forEach(EmbeddedCassandra::resume);
    cassandra.awaitAllUp(Patience.LIMIT);
    for (EmbeddedCassandra node : cassandra.nodes()) {
      try (Application reader =
          new Application(
              keyspace, OneNode.settings(node.contactPoint(), cassandra.datacenter()))) {
        assertThat(reader.read(stream)).as("through " + node).isEqualTo(ids);
      }
    }
  }

  @Test
  void keepsAnEventThatWasReadThroughTheOneReplicaThatHadIt() {
    String stream = appendOnAAlone("4");

    c.pause();
    // Nothing but the take-over reads event 4 through A.
    long taken = other.version(stream);
    assertThat(taken).isIn(3L, 4L);

    c.resume();
    a.pause();
    assertThat(other.read(stream)).isEqualTo(List.of("1", "2", "3", "4").subList(0, (int) taken));
    other.store(stream, 4, "4");
    assertThat(other.read(stream)).containsExactly("1", "2", "3", "4");

    assertThatAllRead(stream, List.of("1", "2", "3", "4"));
  }

  @Test
  void takesABatchWholeOrNotAtAllWhereAClaimMeetsOtherReplicasHalfWay() throws Exception {
    String stream = appendOnAAlone("4", "5", "6");

    try (ClaimGate gate = ClaimGate.start(b.contactPoint())) {
      Application claimer =
          new Application(
              keyspace, OneNode.settings(gate.address(), cassandra.datacenter()) + gate.settings());
      opened.add(claimer);
      c.pause();
      gate.freezeAfterEpochRead(stream);
      CompletionStage<List<String>> claim =
          java.util.concurrent.CompletableFuture.supplyAsync(() -> claimer.read(stream));
      gate.awaitFrozen();
      c.resume();
      a.pause();
      gate.thaw();
      List<String> taken = get(claim);
      assertThat(taken).isIn(List.of("1", "2", "3"), List.of("1", "2", "3", "4", "5", "6"));

      claimer.store(stream, taken.size() + 1, "new");
      List<String> all = new ArrayList<>(taken);
      all.add("new");
      assertThatAllRead(stream, all);
    }
  }
}
