// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** The same rows without us, one request an append: nobody who sends these is faster. */
final class BareDriver implements Subject {
  private final CqlSession session;
  private final List<Long> servers;
  private final PreparedStatement insert;
  private final PreparedStatement select;
  private final ByteBuffer event = ByteBuffer.allocate(EventWriter.EVENT_BYTES);
  private final AtomicLong versions = new AtomicLong();
  private final Map<Load.Append, StreamChooser> choosers = new HashMap<>();

  private BareDriver(CqlSession session, List<Long> servers) {
    this.session = session;
    this.servers = servers;
    session.execute(
        "CREATE KEYSPACE bare WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    session.execute(
        "CREATE TABLE bare.events (stream bigint, version bigint, event blob, PRIMARY KEY (stream, version))");
    insert = session.prepare("INSERT INTO bare.events (stream, version, event) VALUES (?, ?, ?)");
    select = session.prepare("SELECT event FROM bare.events WHERE stream = ? AND version = ?");
  }

  static BareDriver open(Contact cassandra) {
    return new BareDriver(
        CqlSession.builder()
            .addContactPoint(new InetSocketAddress(cassandra.host(), cassandra.port()))
            .withLocalDatacenter(cassandra.datacenter())
            .build(),
        cassandra.processes());
  }

  /** One at a time, each into a partition of its own. */
  Measurement insert(Duration window) throws Exception {
    return ClosedLoop.measure(1, recorder(window), place -> send(newRow()));
  }

  /** One at a time, of a row that is there. */
  Measurement select(Duration window) throws Exception {
    long version = versions.incrementAndGet();
    session.execute(insert.bind(version, version, event.duplicate()));
    return ClosedLoop.measure(1, recorder(window), place -> send(select.bind(version, version)));
  }

  /**
   * Writers, each of which waits for its answer, into a partition of its own for each row.
   *
   * @param reads whether each write is followed by a read that all who wait share
   */
  Measurement writers(int writers, boolean reads, Duration window) throws Exception {
    SharedReads shared = new SharedReads(() -> send(select.bind(0L, 0L)));
    return ClosedLoop.measure(
        writers,
        recorder(window),
        place -> reads ? send(newRow()).thenCompose(stored -> shared.join()) : send(newRow()));
  }

  @Override
  public Figures measure(Load load, Duration window) throws Exception {
    if (!(load instanceof Load.Append append)) {
      throw Subject.cannot(this, load);
    }
    StreamChooser chooser = choosers.computeIfAbsent(append, StreamChooser::of);
    return Figures.of(
        ClosedLoop.measure(
            append.inFlight(),
            recorder(window),
            place -> send(rows(chooser.next(place), append.events()))),
        append.events());
  }

  private Statement<?> rows(long stream, int events) {
    if (events == 1) {
      return insert.bind(stream, versions.incrementAndGet(), event.duplicate());
    }
    BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
    for (int i = 0; i < events; i++) {
      batch.addStatement(insert.bind(stream, versions.incrementAndGet(), event.duplicate()));
    }
    return batch.build();
  }

  private Statement<?> newRow() {
    long version = versions.incrementAndGet();
    return insert.bind(version, version, event.duplicate());
  }

  private CompletionStage<?> send(Statement<?> statement) {
    return session.executeAsync(
        statement.setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM));
  }

  private Measurement.Recorder recorder(Duration window) {
    return new Measurement.Recorder(window, servers);
  }

  @Override
  public void close() {
    session.close();
  }
}
