// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.typesafe.config.ConfigFactory;
import io.holdfast.journal.JournalException;
import io.holdfast.journal.JournalException.Outcome;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an actor is told where its system cannot use Cassandra, and why. */
class StartFailuresTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  /** And no circuit breaker: an actor may ask often until a slow machine has found out. */
  private static final String NO_PATIENCE =
      """

      holdfast.cassandra.connect.timeout = 1 s
      holdfast.journal.circuit-breaker.max-failures = 1000000
      """;

  /** Above those of any step of a start, so that only the answer itself comes in time. */
  private static final Duration ANSWER = Patience.LIMIT;

  static Stream<Arguments> wrongSettings() throws IOException {
    String driver = "datastax-java-driver.";
    String replication = "holdfast.cassandra.schema.replication";
    String closed = closedPort();
    return Stream.of(
        arguments(
            driver + "basic.contact-points = [\"" + closed + "\"]",
            List.of(closed, "Connection refused")),
        arguments(
            driver
                + "advanced.reconnect-on-init = true\n"
                + driver
                + "basic.contact-points = [\""
                + closed
                + "\"]",
            List.of(closed, "Connection refused")),
        arguments(
            driver + "basic.contact-points = [\"127.0.0.1\"]",
            List.of(driver + "basic.contact-points has '127.0.0.1'", "'127.0.0.1:9042'")),
        arguments(
            driver + "basic.contact-points = [\"nowhere.invalid:9042\"]",
            List.of("no contact point has a known host", "nowhere.invalid")),
        arguments(
            driver + "advanced.ssl-engine-factory.class = DefaultSslEngineFactory",
            List.of("not an SSL/TLS record")),
        arguments(
            driver + "basic.load-balancing-policy.local-datacenter = elsewhere",
            List.of("no data centre 'elsewhere'", "[" + CASSANDRA.localDatacenter() + "]")),
        arguments(
            driver
                + "basic.load-balancing-policy.local-datacenter = elsewhere\n"
                + "holdfast.cassandra.consistency = quorum",
            List.of("no data centre 'elsewhere'", "[" + CASSANDRA.localDatacenter() + "]")),
        arguments(
            replication + " { class = NetworkTopologyStrategy, nowhere = 1 }",
            List.of("CREATE KEYSPACE", "nowhere")),
        arguments("holdfast.cassandra.driver-profile = nobody", List.of("nobody")),
        arguments(
            "holdfast.cassandra.keyspace = Upper",
            List.of("holdfast.journal cannot be used", "holdfast.cassandra.keyspace", "must be")),
        arguments(
            "holdfast.cassandra.consistency = one",
            List.of("holdfast.cassandra.consistency", "'quorum' or 'local-quorum'")),
        arguments(
            "holdfast.journal.max-batch-size = 0",
            List.of("holdfast.journal.max-batch-size", "must be")));
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  @ParameterizedTest
  @MethodSource("wrongSettings")
  void tellsEachActorWhatIsWrong(String settings, List<String> causes) {
    try (JournalSystem journal =
        JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), NO_PATIENCE + settings)) {
      String[] expected = causes.toArray(String[]::new);
      // On a busy machine, the first may be told that nothing has answered yet.
      await()
          .untilAsserted(
              () -> {
                Throwable recovery = journal.recoveryFailure("a");
                assertThat(((JournalException) recovery).outcome()).isEqualTo(Outcome.UNAVAILABLE);
                assertThat(recovery).hasMessageContainingAll(expected);
                assertThat(journal.write(JournalSystem.atomic("a", 1, "1")).failure())
                    .hasMessageContainingAll(expected);
                assertThat(journal.deletionFailure("a", 1)).hasMessageContainingAll(expected);
              });
    }
  }

  /** Connections are accepted by the system; nothing ever answers. */
  @Test
  void tellsOfACassandraThatSaysNothing() throws IOException {
    try (ServerSocket silent =
            new ServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        JournalSystem journal =
            JournalSystem.start(
                CASSANDRA,
                CASSANDRA.newKeyspaceName(),
                """
                holdfast.cassandra.connect.timeout = 1 s
                datastax-java-driver {
                  basic.contact-points = ["127.0.0.1:%d"]
                  advanced.connection.init-query-timeout = 1 h
                  advanced.control-connection.timeout = 1 h
                }
                """
                    .formatted(silent.getLocalPort()))) {
      Throwable recovery = journal.recoveryFailure("a");
      assertThat(recovery)
          .hasMessageContaining(
              "has not answered for 1 s (holdfast.cassandra.connect.timeout); attempts go on");
      assertThat(((JournalException) recovery).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    }
  }

  /** An attempt that hangs does not keep from anybody what the one before has failed with. */
  @Test
  void tellsWhatTheLastAttemptHasFailedWithWhileTheNextOneHangs() throws IOException {
    try (SilentServer server = new SilentServer();
        JournalSystem journal =
            JournalSystem.start(
                CASSANDRA,
                CASSANDRA.newKeyspaceName(),
                """
                holdfast.cassandra.connect { timeout = 3 s, retry-interval = 200 ms }
                holdfast.journal.circuit-breaker.max-failures = 1000000
                datastax-java-driver {
                  basic.contact-points = ["127.0.0.1:%d"]
                  advanced.connection.init-query-timeout = 1 h
                  advanced.control-connection.timeout = 1 h
                }
                """
                    .formatted(server.port()))) {
      await()
          .untilAsserted(
              () ->
                  assertThat(journal.recoveryFailure("a"))
                      .hasMessageContaining("is not ready, after"));
      await().until(server::hasASecondConnection);
    }
  }

  /** Or it would be there with replicas that cannot be, when the setting is mended. */
  @ParameterizedTest
  @ValueSource(strings = {"SimpleStrategy", "NetworkTopologyStrategy"})
  void createsNoKeyspaceThatCannotBeUsed(String strategy) {
    String keyspace = CASSANDRA.newKeyspaceName();
    String replication = "holdfast.cassandra.schema.replication";
    String three = replication + " { class = " + strategy + ", replication_factor = 3 }";
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, NO_PATIENCE + three)) {
      awaitFailure(journal, "Not enough replicas", "2 of them", replication, "1 node(s)");
      // Cassandra has answered: where it is, is right.
      assertThat(journal.recoveryFailure("a")).hasMessageNotContaining("contact-points");
    }
    assertThat(
            CASSANDRA
                .session()
                .execute(
                    "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?",
                    keyspace)
                .one())
        .isNull();
  }

  @Test
  void tellsOfAKeyspaceThatHasTooFewReplicas() {
    String keyspace = CASSANDRA.newKeyspaceName();
    CASSANDRA
        .session()
        .execute(
            "CREATE KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}"
                .formatted(keyspace));
    try (JournalSystem journal = JournalSystem.start(CASSANDRA, keyspace, NO_PATIENCE)) {
      awaitFailure(journal, "Not enough replicas available");
    }
  }

  private static void awaitFailure(JournalSystem journal, String... causes) {
    await()
        .untilAsserted(
            () -> assertThat(journal.recoveryFailure("a")).hasMessageContainingAll(causes));
  }

  /** Closes the first connection, and answers nothing on others. */
  private static final class SilentServer implements AutoCloseable {
    private final ServerSocket socket;
    private final CountDownLatch second = new CountDownLatch(1);
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    SilentServer() throws IOException {
      socket = new ServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
      Thread accepting = new Thread(this::accept, "silent-server");
      accepting.setDaemon(true);
      accepting.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    boolean hasASecondConnection() {
      return second.getCount() == 0;
    }

    private void accept() {
      try {
        socket.accept().close();
        while (true) {
          open.add(socket.accept());
          second.countDown();
        }
      } catch (IOException closed) {
        // By the test.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket connection : open) {
        connection.close();
      }
    }
  }

  @Test
  void tellsOfSnapshotsToo() {
    Map<String, String> wrong =
        Map.of(
            "holdfast.snapshot-store.chunk-size = 0", "holdfast.snapshot-store.chunk-size",
            "holdfast.cassandra.keyspace = Upper", "holdfast.cassandra.keyspace");
    wrong.forEach(
        (settings, cause) -> {
          try (JournalSystem journal =
              JournalSystem.start(CASSANDRA, CASSANDRA.newKeyspaceName(), settings)) {
            ActorRef store =
                Persistence.get(journal.system())
                    .snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
            TestKit actor = new TestKit(journal.system());
            store.tell(
                new SnapshotProtocol.LoadSnapshot(
                    "a", SnapshotSelectionCriteria.latest(), Long.MAX_VALUE),
                actor.getRef());
            assertThat(
                    actor.expectMsgClass(ANSWER, SnapshotProtocol.LoadSnapshotFailed.class).cause())
                .hasMessageContaining(cause);
            store.tell(
                new SnapshotProtocol.SaveSnapshot(new SnapshotMetadata("a", 1, 1), "state"),
                actor.getRef());
            assertThat(actor.expectMsgClass(ANSWER, SaveSnapshotFailure.class).cause())
                .hasMessageContaining(cause);
          }
        });
  }
}
