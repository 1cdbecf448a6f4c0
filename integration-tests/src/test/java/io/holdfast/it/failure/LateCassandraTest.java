// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.failure;

import static io.holdfast.it.Stages.failure;
import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.AppendResult;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import io.holdfast.it.TestCluster;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** The application is there before its Cassandra. */
class LateCassandraTest {
  // Only for the configuration that tests share; nothing here connects to it.
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String UNBOUNDED =
      "holdfast.event-store { append-timeout = 180 s, read-timeout = 180 s }\n";

  private static String contactPoint(int port) {
    return """
    datastax-java-driver.basic {
      contact-points = ["127.0.0.1:%d"]
      load-balancing-policy.local-datacenter = datacenter1
    }
    """
        .formatted(port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    }
  }

  private static AppendEventInput<?> event() {
    return AppendEventInput.of("stream", "Happened", JsonNodeFactory.instance.objectNode())
        .withExpectedVersion(0);
  }

  @Test
  void waitsForCassandraAndSaysSo() throws Exception {
    int port = freePort();
    // Long enough for Cassandra's start on a busy machine.
    String settings =
        contactPoint(port)
            + UNBOUNDED
            + """
            holdfast.cassandra.connect { timeout = 170 s, retry-interval = 200 ms }
            holdfast.journal.circuit-breaker.call-timeout = 180 s
            """;
    Logger logger = (Logger) LoggerFactory.getLogger("io.holdfast.cassandra");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, settings)) {
      EventStore store = cluster.store(0);
      CompletableFuture<? extends AppendResult<?>> append =
          store.append(event()).toCompletableFuture();
      CompletableFuture<Long> version = store.getStreamVersion("other").toCompletableFuture();
      await().until(() -> logged(log, "attempt 3"));
      assertThat(append).isNotDone();
      assertThat(version).isNotDone();
      try (TestCluster impatient =
          TestCluster.start(
              CASSANDRA,
              CASSANDRA.newKeyspaceName(),
              1,
              contactPoint(port) + UNBOUNDED + "holdfast.cassandra.connect.timeout = 3 s")) {
        CompletionStage<FeedEvent> fed =
            impatient
                .store(0)
                .subscribeAll(FeedFilter.all(), FeedOffset.beginning())
                .runWith(Sink.head(), impatient.node(0).system());
        try (EmbeddedCassandra node = tellsAtOnce(impatient, port)) {
          assertThat(node.contactPoint().getPort()).isEqualTo(port);
          assertThat(get(append).currentVersion()).isEqualTo(1);
          assertThat(get(version)).isZero();
          get(impatient.store(0).ready());
          assertThat(get(impatient.store(0).append(event())).currentVersion()).isEqualTo(1);
          assertThat(get(fed).event().streamId()).isEqualTo("stream");
        }
      }
      assertThat(logged(log, "127.0.0.1:" + port)).isTrue();
    } finally {
      logger.detachAppender(log);
    }
  }

  /** Refuses what is asked of it, and Cassandra starts. */
  private static EmbeddedCassandra tellsAtOnce(TestCluster cluster, int port) {
    CompletableFuture<Void> ready = cluster.store(0).ready().toCompletableFuture();
    assertThat(failure(cluster.store(0).append(event()), UnavailableException.class))
        .hasMessageContainingAll("127.0.0.1:" + port, "Connection refused");
    assertThat(failure(cluster.store(0).readStream("stream"), UnavailableException.class))
        .hasMessageContaining("Connection refused");
    assertThat(ready).isNotDone();
    return EmbeddedCassandra.builder().cqlPort(port).disposable().start();
  }

  private static boolean logged(ListAppender<ILoggingEvent> log, String text) {
    return List.copyOf(log.list).stream()
        .anyMatch(event -> event.getFormattedMessage().contains(text));
  }

  @Test
  void givesUpWithAMessageThatSaysWhatToDo() throws Exception {
    int port = freePort();
    String settings =
        """
        datastax-java-driver.basic.contact-points = ["127.0.0.1:%d"]
        holdfast.cassandra.connect { timeout = 3 s, retry-interval = 200 ms }
        """
            .formatted(port);
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, settings)) {
      EventStore store = cluster.store(0);
      List<UnavailableException> failures =
          List.of(
              failure(store.append(event()), UnavailableException.class),
              failure(store.getStreamVersion("stream"), UnavailableException.class),
              failure(store.readStream("stream"), UnavailableException.class));
      for (UnavailableException failure : failures) {
        assertThat(failure)
            .hasMessageContaining("127.0.0.1:" + port)
            .hasMessageContaining("3 s")
            .hasMessageContaining("holdfast.cassandra.connect.timeout");
      }
    }
  }
}
