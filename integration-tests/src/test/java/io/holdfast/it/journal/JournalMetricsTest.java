// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.holdfast.metrics.HoldfastMetrics;
import io.holdfast.test.Patience;
import io.holdfast.testkit.CassandraExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class JournalMetricsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final String KEYSPACE = CASSANDRA.newKeyspaceName();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private JournalSystem start() {
    JournalSystem journal = JournalSystem.start(CASSANDRA, KEYSPACE, "");
    HoldfastMetrics.get(journal.system()).bindTo(registry);
    return journal;
  }

  private long timed(String operation, String outcome) {
    return registry.get("holdfast." + operation).tag("outcome", outcome).timer().count();
  }

  private double total(String summary) {
    return registry.get("holdfast." + summary).summary().totalAmount();
  }

  private double counted(String counter) {
    return registry.get("holdfast." + counter).counter().count();
  }

  @Test
  void measuresWritesRecoveriesAndReplays() {
    try (JournalSystem journal = start()) {
      journal.store("a", 1, "1", "2", "3");
      journal.store("a", 4, "4");
      assertThat(journal.write(JournalSystem.atomic("a", 5, TestEvent.REFUSED)).rejected())
          .hasSize(1);
      assertThat(journal.replay("a").texts()).hasSize(4);
      assertThat(journal.replay("a", 1, 4, 2).texts()).hasSize(2);
      journal.deleteTo("a", 1);
      assertThat(timed("journal.writes", "success")).isEqualTo(2);
      assertThat(timed("journal.writes", "rejected")).isEqualTo(1);
      assertThat(total("journal.batch.events")).isEqualTo(4);
      assertThat(total("journal.batch.bytes")).isGreaterThan(4 * 128);
      assertThat(timed("journal.recoveries", "success")).isEqualTo(2);
      assertThat(timed("journal.replays", "success")).isEqualTo(2);
      assertThat(timed("journal.deletions", "success")).isEqualTo(1);
      assertThat(counted("journal.replayed")).isEqualTo(6);
      // Two for the writes, two for the recoveries.
      assertThat(timed("fence.reads", "success")).isEqualTo(4);
      assertThat(total("fence.read.requests")).isEqualTo(4);
      assertThat(
              registry
                  .get("holdfast.journal.writes")
                  .tag("outcome", "success")
                  .timer()
                  .max(TimeUnit.SECONDS))
          .isPositive();
    }
  }

  @Test
  void countsAndLogsStreamsThatAreTakenAndLost() {
    Logger logger = (Logger) LoggerFactory.getLogger("io.holdfast.journal");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try (JournalSystem journal = start();
        JournalSystem other = JournalSystem.start(CASSANDRA, KEYSPACE, "")) {
      other.store("b", 1, "1");
      assertThat(journal.replay("b").texts()).containsExactly("1");
      assertThat(timed("fence.claims", "success")).isEqualTo(1);
      assertThat(other.replay("b").texts()).containsExactly("1");
      // Its rows are stored before the fence tells that the stream is another writer's.
      assertThat(journal.write(JournalSystem.atomic("b", 2, "2")).failure()).isNotNull();
      assertThat(journal.write(JournalSystem.atomic("b", 2, "2")).failure()).isNotNull();
      assertThat(counted("fence.streams.lost")).isEqualTo(1);
      assertThat(timed("journal.writes", "unknown")).isEqualTo(1);
      assertThat(timed("journal.writes", "unavailable")).isEqualTo(1);
      assertThat(timed("fence.claims", "success")).isEqualTo(1);
      assertThat(log.list)
          .filteredOn(line -> String.valueOf(line.getKeyValuePairs()).contains("\"b\""))
          .extracting(ILoggingEvent::getFormattedMessage)
          .satisfiesExactly(
              taken -> assertThat(taken).startsWith("Took stream 'b' over from writer"),
              takenBack -> assertThat(takenBack).startsWith("Took stream 'b' over from writer"),
              lost -> assertThat(lost).startsWith("Stream 'b' was taken by another writer"),
              unknown ->
                  assertThat(unknown)
                      .startsWith("It is unknown whether events 2 to 2 of 'b' are stored"));
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void measuresSnapshots() {
    try (JournalSystem journal = start()) {
      ActorRef store =
          Persistence.get(journal.system())
              .snapshotStoreFor("holdfast.snapshot-store", ConfigFactory.empty());
      ask(journal, store, save(new TestEvent("state")));
      ask(journal, store, save(new TestEvent(TestEvent.REFUSED)));
      ask(
          journal,
          store,
          new SnapshotProtocol.LoadSnapshot("c", SnapshotSelectionCriteria.latest(), 9));
      ask(journal, store, new SnapshotProtocol.DeleteSnapshot(SnapshotMetadata.apply("c", 1)));
      assertThat(timed("snapshots.saves", "success")).isEqualTo(1);
      assertThat(timed("snapshots.saves", "rejected")).isEqualTo(1);
      assertThat(total("snapshots.bytes")).isGreaterThan(5);
      assertThat(timed("snapshots.loads", "success")).isEqualTo(1);
      assertThat(timed("snapshots.deletions", "success")).isEqualTo(1);
    }
  }

  private static SnapshotProtocol.SaveSnapshot save(Object state) {
    return new SnapshotProtocol.SaveSnapshot(SnapshotMetadata.apply("c", 1), state);
  }

  private static void ask(JournalSystem journal, ActorRef store, Object request) {
    TestKit probe = new TestKit(journal.system());
    store.tell(request, probe.getRef());
    probe.receiveOne(Patience.LIMIT);
  }
}
