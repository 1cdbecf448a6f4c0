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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What one request costs without us: the next is sent when the last is answered. */
final class BareDriver implements AutoCloseable {
  private static final long ANSWER_SECONDS = 60;

  private final CqlSession session;
  private final PreparedStatement insert;
  private final PreparedStatement select;
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
    BoundStatement statement =
        request.get().setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM);
    session
        .executeAsync(statement)
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
