// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.holdfast.embedded.EmbeddedCassandra;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What one request costs without us: the next is sent when the last is answered. */
final class BareDriver implements AutoCloseable {
  private static final long ANSWER_SECONDS = 60;

  private final CqlSession session;
  private final PreparedStatement insert;
  private final PreparedStatement select;
  private final AtomicLong ids = new AtomicLong();
  private long inserted;

  private BareDriver(CqlSession session) {
    this.session = session;
    session.execute(
        "CREATE KEYSPACE bare WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    session.execute("CREATE TABLE bare.events (id bigint PRIMARY KEY, event blob)");
    insert = session.prepare("INSERT INTO bare.events (id, event) VALUES (?, ?)");
    select = session.prepare("SELECT event FROM bare.events WHERE id = ?");
  }

  static BareDriver open(EmbeddedCassandra cassandra) {
    return new BareDriver(
        CqlSession.builder()
            .addContactPoint(cassandra.contactPoint())
            .withLocalDatacenter(cassandra.datacenter())
            .build());
  }

  Measurement insert(Duration window) throws Exception {
    ByteBuffer event = ByteBuffer.allocate(EventWriter.EVENT_BYTES);
    return measure(window, () -> insert.bind(inserted++, event));
  }

  /** Reads rows that earlier calls of {@link #insert(Duration)} have stored. */
  Measurement select(Duration window) throws Exception {
    long[] next = new long[1];
    return measure(window, () -> select.bind(next[0]++ % inserted));
  }

  /**
   * Events a second of so many writers, each of which waits for its answer.
   *
   * @param reads whether each write is followed by a read that all who wait share
   */
  double writers(int writers, boolean reads, Duration window) throws Exception {
    ByteBuffer event = ByteBuffer.allocate(EventWriter.EVENT_BYTES);
    return new BareWriters(
            // Below those of insert(), whose rows select() reads.
            () -> send(insert.bind(ids.decrementAndGet(), event.duplicate())),
            () -> send(select.bind(0L)),
            reads)
        .perSecond(writers, window);
  }

  private CompletionStage<?> send(BoundStatement statement) {
    return session.executeAsync(
        statement.setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM));
  }

  private Measurement measure(Duration window, Supplier<BoundStatement> request) throws Exception {
    CompletableFuture<Measurement> result = new CompletableFuture<>();
    send(request, new Measurement.Recorder(), window.toNanos(), result);
    return result.get(window.toSeconds() + ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private void send(
      Supplier<BoundStatement> request,
      Measurement.Recorder recorder,
      long windowNanos,
      CompletableFuture<Measurement> result) {
    long sentNanos = System.nanoTime();
    send(request.get())
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
                return;
              }
              recorder.record(System.nanoTime() - sentNanos);
              if (recorder.isOpen(windowNanos)) {
                send(request, recorder, windowNanos, result);
              } else {
                result.complete(recorder.close());
              }
            });
  }

  @Override
  public void close() {
    session.close();
  }
}
