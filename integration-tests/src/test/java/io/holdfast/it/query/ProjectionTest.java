// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.query;

import static io.holdfast.it.Stages.get;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.it.Guide;
import io.holdfast.it.TestCluster;
import io.holdfast.query.HoldfastReadJournal;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.testkit.CassandraExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.typed.EventEnvelope;
import org.apache.pekko.projection.Projection;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.cassandra.javadsl.CassandraProjection;
import org.apache.pekko.projection.eventsourced.javadsl.EventSourcedProvider;
import org.apache.pekko.projection.javadsl.Handler;
import org.apache.pekko.projection.javadsl.SourceProvider;
import org.apache.pekko.projection.jdbc.JdbcSession;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;
import org.apache.pekko.projection.jdbc.javadsl.JdbcProjection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pekko Projection on the feed, its slices spread over two nodes of which one leaves. */
class ProjectionTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int STREAMS = 20;

  /** Handlers fail every so often. */
  private static final AtomicInteger HANDLED = new AtomicInteger();

  private static final Map<String, Long> SEEN = new ConcurrentHashMap<>();

  private static final String SETTINGS =
      """
      datastax-java-driver.basic.request.timeout = 30 s
      pekko.projection {
        jdbc {
          dialect = "h2-dialect"
          blocking-jdbc-dispatcher.thread-pool-executor.fixed-pool-size = 4
        }
        cassandra.offset-store.keyspace = "%s"
        restart-backoff { min-backoff = 100 ms, max-backoff = 500 ms }
      }
      """
          .formatted(CASSANDRA.newKeyspaceName());

  static class Orders {
    static SourceProvider<Offset, EventEnvelope<RecordedEvent>> events(
        ActorSystem<?> system, Pair<Integer, Integer> slices) {
      return EventSourcedProvider.eventsBySlices(
          system, HoldfastReadJournal.IDENTIFIER, "Order", slices.first(), slices.second());
    }
  }

  static class H2Session implements JdbcSession {
    static final String DATABASE = "jdbc:h2:mem:projection;DB_CLOSE_DELAY=-1";
    private final Connection connection;

    H2Session() {
      try {
        connection = DriverManager.getConnection(DATABASE);
        connection.setAutoCommit(false);
      } catch (SQLException e) {
        throw new IllegalStateException("no connection to " + DATABASE, e);
      }
    }

    @Override
    public <R> R withConnection(Function<Connection, R> use) throws Exception {
      return use.apply(connection);
    }

    @Override
    public void commit() throws SQLException {
      connection.commit();
    }

    @Override
    public void rollback() throws SQLException {
      connection.rollback();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  static class OrderCounter extends JdbcHandler<EventEnvelope<RecordedEvent>, H2Session> {
    @Override
    public void process(H2Session session, EventEnvelope<RecordedEvent> event) throws Exception {
      session.<Integer>withConnection(
          connection -> {
            try (PreparedStatement insert =
                connection.prepareStatement(
                    "INSERT INTO handled (stream, version) VALUES (?, ?)")) {
              insert.setString(1, event.persistenceId());
              insert.setLong(2, event.sequenceNr());
              return insert.executeUpdate();
            }
          });
    }
  }

  static class ExactlyOnce {
    static Projection<EventEnvelope<RecordedEvent>> projection(
        ActorSystem<?> system,
        Pair<Integer, Integer> slices,
        Supplier<JdbcHandler<EventEnvelope<RecordedEvent>, H2Session>>
            handler) { // OrderCounter::new
      return JdbcProjection.exactlyOnce(
          ProjectionId.of("orders", slices.first() + "-" + slices.second()),
          Orders.events(system, slices),
          H2Session::new,
          handler,
          system);
    }
  }

  static class AtLeastOnce {
    static CompletionStage<Done> createTables(ActorSystem<?> system) {
      return CassandraProjection.createTablesIfNotExists(system);
    }

    static Projection<EventEnvelope<RecordedEvent>> projection(
        ActorSystem<?> system,
        Pair<Integer, Integer> slices,
        Supplier<Handler<EventEnvelope<RecordedEvent>>> handler) {
      return CassandraProjection.atLeastOnce(
              ProjectionId.of("orders", slices.first() + "-" + slices.second()),
              Orders.events(system, slices),
              handler)
          .withSaveOffset(10, Duration.ofMillis(100));
    }
  }

  static class OrderProjections {
    private static final int RANGES = 4;

    static void run(
        ActorSystem<?> system,
        java.util.function.Function<
                Pair<Integer, Integer>, Projection<EventEnvelope<RecordedEvent>>>
            projection) {
      List<Pair<Integer, Integer>> ranges =
          EventSourcedProvider.sliceRanges(system, HoldfastReadJournal.IDENTIFIER, RANGES);
      ShardedDaemonProcess.get(system)
          .init(
              ProjectionBehavior.Command.class,
              "orders",
              RANGES,
              range -> ProjectionBehavior.create(projection.apply(ranges.get(range))),
              ProjectionBehavior.stopMessage());
    }
  }

  /** Fails after it has written: the transaction takes that back. */
  private static final class FailingCounter extends OrderCounter {
    @Override
    public void process(H2Session session, EventEnvelope<RecordedEvent> event) throws Exception {
      super.process(session, event);
      failSometimes();
    }
  }

  /** Keeps the last version of each order: handled twice, it is the same. */
  private static final class LastVersions extends Handler<EventEnvelope<RecordedEvent>> {
    @Override
    public CompletionStage<Done> process(EventEnvelope<RecordedEvent> event) {
      SEEN.merge(event.persistenceId(), event.sequenceNr(), Math::max);
      failSometimes();
      return completedFuture(Done.getInstance());
    }
  }

  private static void failSometimes() {
    if (HANDLED.incrementAndGet() % 37 == 0) {
      throw new IllegalStateException("this handler fails with every 37th event");
    }
  }

  private static void countOnce(ActorSystem<?> system) {
    OrderProjections.run(
        system, slices -> ExactlyOnce.projection(system, slices, FailingCounter::new));
  }

  private static int append(EventStore store, int round) {
    IntStream.range(0, STREAMS)
        .mapToObj(
            i ->
                store.appendBatch(
                    AppendBatchInput.of(
                        "Order|" + i,
                        List.of(NewEvent.of("Placed", round), NewEvent.of("Paid", 1)))))
        .toList()
        .forEach(appended -> get(appended));
    return 2 * STREAMS;
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(H2Session.DATABASE);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> handled() throws SQLException {
    List<String> handled = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(H2Session.DATABASE);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT stream, version FROM handled ORDER BY id")) {
      while (rows.next()) {
        handled.add(rows.getString(1) + ":" + rows.getLong(2));
      }
    }
    return handled;
  }

  @Test
  void handlesEachEventExactlyOnceWithAnOffsetInTheSameTransaction() throws Exception {
    execute(
        "CREATE TABLE handled (id BIGINT AUTO_INCREMENT PRIMARY KEY, stream VARCHAR(100), version BIGINT)");
    int events = 0;
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 2, SETTINGS)) {
      ActorSystem<?> first = cluster.node(0).system();
      get(JdbcProjection.createTablesIfNotExists(H2Session::new, first));
      execute(
          "ALTER TABLE \"pekko_projection_offset_store\" ALTER COLUMN \"manifest\" VARCHAR(100)");
      execute(
          "ALTER TABLE \"pekko_projection_offset_store\" ALTER COLUMN \"current_offset\" VARCHAR(10000)");
      events += append(cluster.store(0), 1);
      countOnce(first);
      countOnce(cluster.node(1).system());
      for (int round = 2; round <= 5; round++) {
        events += append(cluster.store(0), round);
        if (round == 3) {
          cluster.leave(cluster.node(1));
        }
      }
      int all = events;
      await().until(() -> handled().size() >= all);
    }
    List<String> handled = handled();
    assertThat(handled).doesNotHaveDuplicates().hasSize(events);
    for (int i = 0; i < STREAMS; i++) {
      String stream = "Order|" + i + ":";
      assertThat(handled.stream().filter(event -> event.startsWith(stream)))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, events / STREAMS).mapToObj(v -> stream + v).toList());
    }
  }

  @Test
  void keepsOffsetsInCassandra() {
    SEEN.clear();
    Map<String, Long> expected = new TreeMap<>();
    IntStream.range(0, STREAMS).forEach(i -> expected.put("Order|" + i, 4L));
    try (TestCluster cluster =
        TestCluster.start(CASSANDRA, CASSANDRA.newKeyspaceName(), 1, SETTINGS)) {
      ActorSystem<?> system = cluster.node(0).system();
      get(AtLeastOnce.createTables(system));
      append(cluster.store(0), 1);
      OrderProjections.run(
          system, slices -> AtLeastOnce.projection(system, slices, LastVersions::new));
      append(cluster.store(0), 2);
      await().until(() -> Map.copyOf(SEEN).equals(expected));
      Set<String> offsets = ConcurrentHashMap.newKeySet();
      await()
          .until(
              () -> {
                CASSANDRA
                    .session()
                    .execute(
                        "SELECT manifest FROM %s.offset_store"
                            .formatted(
                                system
                                    .settings()
                                    .config()
                                    .getString("pekko.projection.cassandra.offset-store.keyspace")))
                    .forEach(row -> offsets.add(row.getString(0)));
                return !offsets.isEmpty();
              });
      assertThat(offsets).allMatch(manifest -> manifest.contains("774600202"));
    }
  }

  @Test
  void standsInTheGuide() {
    Guide.assertStandsIn("projections.md", ProjectionTest.class);
  }
}
