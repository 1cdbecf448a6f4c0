// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import static io.holdfast.it.Stages.get;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.ConcurrencyException;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.OverloadedException;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.protocol.ReadConsistency;
import io.holdfast.it.StoredHeader;
import io.holdfast.it.TestCluster;
import io.holdfast.test.TcpRelay;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConcurrentAppendersTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int MAX_PENDING = 50;

  private final String keyspace = CASSANDRA.newKeyspaceName();
  private final Valve valve = new Valve();
  private TcpRelay relay;
  private TestCluster cluster;

  /** Lets the nodes' requests through to Cassandra, or holds them. */
  private static final class Valve {
    private boolean closed;

    synchronized void close() {
      closed = true;
    }

    synchronized void open() {
      closed = false;
      notifyAll();
    }

    void pass(InputStream from, OutputStream to) throws IOException {
      byte[] buffer = new byte[8192];
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        awaitOpen();
        to.write(buffer, 0, count);
      }
    }

    private synchronized void awaitOpen() {
      try {
        while (closed) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @BeforeAll
  void start() {
    relay =
        TcpRelay.start(
            CASSANDRA.contactPoint(),
            () -> new TcpRelay.Connection(valve::pass, InputStream::transferTo));
    cluster =
        TestCluster.start(
            CASSANDRA,
            keyspace,
            2,
            """
            holdfast.cassandra.partition-size = 64
            holdfast.event-store.max-pending-appends = %d
            datastax-java-driver.basic.contact-points = ["127.0.0.1:%d"]
            """
                .formatted(MAX_PENDING, relay.port()));
  }

  @AfterAll
  void stop() {
    cluster.close();
    relay.close();
  }

  @Test
  void exactlyOneOfManyAppendersOnTwoNodesWinsEachVersion() {
    String stream = "contended-" + UUID.randomUUID();
    int appenders = 8;
    int target = 150;
    Map<Long, String> winners = new ConcurrentHashMap<>();
    AtomicInteger conflicts = new AtomicInteger();

    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < appenders; i++) {
      EventStore store = cluster.store(i % 2);
      running.add(contend(store, stream, "appender-" + i, 0, target, winners, conflicts));
    }
    running.forEach(one -> get(one));

    assertThat(conflicts).hasPositiveValue();
    List<StreamDomainEvent<?>> events = get(cluster.store(1).readStream(stream)).events();
    assertThat(events)
        .extracting(StreamDomainEvent::version)
        .isEqualTo(LongStream.rangeClosed(1, target).boxed().toList());
    for (StreamDomainEvent<?> event : events) {
      assertThat(event.id()).isEqualTo(winners.get(event.version()));
    }
  }

  /**
   * Appends at the version it believes in, and learns from each conflict, until the stream has
   * reached its target.
   */
  private static CompletableFuture<Void> contend(
      EventStore store,
      String stream,
      String name,
      long version,
      int target,
      Map<Long, String> winners,
      AtomicInteger conflicts) {
    if (version >= target) {
      return CompletableFuture.completedFuture(null);
    }
    String id = UUID.randomUUID().toString();
    NewEvent<String> event = NewEvent.of("Claimed", name).withId(id);
    return store
        .append(AppendEventInput.of(stream, event).withExpectedVersion(version))
        .toCompletableFuture()
        .handle(
            (result, failure) -> {
              if (failure == null) {
                assertThat(winners.put(result.currentVersion(), id)).isNull();
                return result.currentVersion();
              }
              conflicts.incrementAndGet();
              ConcurrencyException conflict = (ConcurrencyException) unwrap(failure);
              assertThat(conflict.expectedVersion()).isEqualTo(version);
              assertThat(conflict.actualVersion()).isNotEqualTo(version);
              return conflict.actualVersion();
            })
        .thenCompose(next -> contend(store, stream, name, next, target, winners, conflicts));
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException ? requireNonNull(failure.getCause()) : failure;
  }

  @Test
  void appendsThatQueueBehindAWriteGoTogetherInTheNext() {
    String stream = "grouped-" + UUID.randomUUID();
    EventStore store = cluster.store(0);
    get(store.getStreamVersion(stream));

    valve.close();
    List<CompletableFuture<Long>> appends = append(store, stream, MAX_PENDING);
    // Answered by the stream itself, after it has taken them.
    get(store.getStreamVersion(stream, ReadConsistency.OWNER));
    valve.open();
    Set<Long> versions = appends.stream().map(append -> get(append)).collect(Collectors.toSet());

    assertThat(versions).hasSize(MAX_PENDING).contains(1L, (long) MAX_PENDING);
    long writes =
        CASSANDRA
            .session()
            .execute(
                "SELECT header FROM %s.events WHERE persistence_id = ? AND partition_nr = 0"
                    .formatted(keyspace),
                stream)
            .all()
            .stream()
            .map(row -> StoredHeader.of(row).batchFirstSequenceNr())
            .distinct()
            .count();
    assertThat(writes).isEqualTo(2);
  }

  private static List<CompletableFuture<Long>> append(EventStore store, String stream, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                store
                    .append(AppendEventInput.of(stream, "Counted", i))
                    .thenApply(result -> result.currentVersion())
                    .toCompletableFuture())
        .toList();
  }

  @Test
  void answersAppendsAboveTheBoundAsOverloadedAndStoresAllOthers() {
    String stream = "flooded-" + UUID.randomUUID();
    EventStore store = cluster.store(0);
    valve.close();
    List<CompletableFuture<Long>> appends = append(store, stream, 20 * MAX_PENDING);
    await()
        .until(
            () ->
                appends.stream().filter(CompletableFuture::isCompletedExceptionally).count()
                    == 19 * MAX_PENDING);
    valve.open();
    long stored = 0;
    long overloaded = 0;
    for (CompletableFuture<Long> append : appends) {
      try {
        get(append);
        stored++;
      } catch (OverloadedException e) {
        assertThat(e).hasMessageContaining("max-pending-appends");
        overloaded++;
      }
    }
    assertThat(overloaded).isEqualTo(19 * MAX_PENDING);
    assertThat(stored).isEqualTo(MAX_PENDING);
    assertThat(get(store.getStreamVersion(stream))).isEqualTo(stored);
  }

  @Test
  void takesAppendsToManyMoreStreamsThanAConnectionCarriesRequests() {
    int streams = 3000;
    String prefix = "crowd-" + UUID.randomUUID() + "-";
    List<CompletionStage<Long>> appends =
        IntStream.range(0, streams)
            .mapToObj(
                i ->
                    cluster
                        .store(i % 2)
                        .append(AppendEventInput.of(prefix + i, "Counted", i))
                        .thenApply(result -> result.currentVersion()))
            .toList();
    assertThat(appends).extracting(append -> get(append)).containsOnly(1L);
  }

  @Test
  void checksEachAppendOfAGroupAgainstTheOnesBeforeIt() {
    String stream = "checked-" + UUID.randomUUID();
    EventStore store = cluster.store(0);
    get(store.getStreamVersion(stream));
    NewEvent<String> event = NewEvent.of("Noted", "x");

    CompletionStage<?> blocker = store.append(AppendEventInput.of(stream, event));
    CompletionStage<?> right =
        store.appendBatch(
            AppendBatchInput.of(stream, List.of(event, event)).withExpectedVersion(1));
    CompletionStage<?> stale =
        store.append(AppendEventInput.of(stream, event).withExpectedVersion(1));
    CompletionStage<?> next =
        store.append(AppendEventInput.of(stream, event).withExpectedVersion(3));

    get(blocker);
    get(right);
    ConcurrencyException conflict =
        io.holdfast.it.Stages.failure(stale, ConcurrencyException.class);
    assertThat(conflict.actualVersion()).isEqualTo(3);
    get(next);
    List<StreamDomainEvent<?>> events = get(store.readStream(stream)).events();
    assertThat(events).hasSize(4);
    assertThat(events.get(0).payload()).isInstanceOf(JsonNode.class);
  }
}
