// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.holdfast.fence.Burst;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends writes of different streams in one request where their rows have the same replicas: a
 * request costs Cassandra, and us, more than a row does.
 *
 * <p>A write that finds little under way goes at once and alone. What comes while requests to its
 * replicas are under way gathers, and goes when one of them is answered, when it fills a request,
 * or after {@link #MAX_WAIT_NANOS}, so that a slow request holds up nobody else for longer than
 * that.
 *
 * <p>Each write lies in one partition, and Cassandra applies it whole or not at all. With several
 * in a request, that says nothing of the others: an uncertain answer leaves the outcome of all of
 * them open. A request that was refused before it was applied is sent again with each write by
 * itself, so that nobody is refused for what another one wrote. Thread-safe.
 */
final class GroupedWrites {
  static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** What Cassandra counts for a cell beside its value: timestamp, time to live, deletion time. */
  private static final int CELL_BYTES = 20;

  /** One stream's rows, all of one partition. */
  private static final class Write {
    final Supplier<String> operation;
    final List<BoundStatement> rows;
    final int bytes;
    final CompletableFuture<Void> answer = new CompletableFuture<>();

    Write(List<BoundStatement> rows, Supplier<String> operation) {
      this.rows = rows;
      this.operation = operation;
      this.bytes = rows.stream().mapToInt(GroupedWrites::sizeInBytes).sum();
    }

    void answer(@Nullable Throwable failure) {
      if (failure == null) {
        answer.complete(null);
      } else {
        answer.completeExceptionally(FenceException.causeOf(failure));
      }
    }
  }

  /** The writes to rows with the same replicas. */
  private static final class Lane {
    List<Write> gathering = new ArrayList<>();
    int gatheringBytes;
    long gatheringSinceNanos;
    int underWay;
    boolean timed;

    List<Write> take() {
      List<Write> taken = gathering;
      gathering = new ArrayList<>();
      gatheringBytes = 0;
      underWay++;
      return taken;
    }
  }

  private final Requests requests;
  private final CassandraSettings settings;
  private final Map<Set<Node>, Lane> lanes = new ConcurrentHashMap<>();

  GroupedWrites(Requests requests, CassandraSettings settings) {
    this.requests = requests;
    this.settings = settings;
  }

  /**
   * Writes rows of one partition together.
   *
   * @param operation what is written, as the end of "the request to …"
   */
  CompletionStage<Void> write(List<BoundStatement> rows, Supplier<String> operation) {
    Write write = new Write(rows, operation);
    Set<Node> replicas = requests.replicas(rows.get(0));
    if (replicas.isEmpty()) {
      sendAlone(write);
      return write.answer;
    }
    Lane lane = lanes.computeIfAbsent(replicas, key -> new Lane());
    List<Write> full = null;
    List<Write> next;
    synchronized (lane) {
      if (!lane.gathering.isEmpty()
          && lane.gatheringBytes + write.bytes > settings.maxRequestBytes()) {
        full = lane.take();
      }
      if (lane.gathering.isEmpty()) {
        lane.gatheringSinceNanos = System.nanoTime();
      }
      lane.gathering.add(write);
      lane.gatheringBytes += write.bytes;
      next = due(lane);
    }
    if (full != null) {
      send(lane, full);
    }
    proceed(lane, next);
    return write.answer;
  }

  /** The writes that are to go now, if any. */
  private @Nullable List<Write> due(Lane lane) {
    boolean go =
        lane.gathering.size() >= settings.maxRequestPartitions()
            || lane.gatheringBytes >= settings.maxRequestBytes()
            || lane.underWay < settings.maxPartialRequests();
    return go && !lane.gathering.isEmpty() ? lane.take() : null;
  }

  private void proceed(Lane lane, @Nullable List<Write> next) {
    if (next != null) {
      send(lane, next);
    } else {
      time(lane);
    }
  }

  private void time(Lane lane) {
    long waitNanos;
    synchronized (lane) {
      if (lane.timed || lane.gathering.isEmpty()) {
        return;
      }
      lane.timed = true;
      waitNanos = lane.gatheringSinceNanos + MAX_WAIT_NANOS - System.nanoTime();
    }
    pause(waitNanos).thenRun(() -> waited(lane));
  }

  private static CompletionStage<Void> pause(long nanos) {
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, Math.max(1, nanos), TimeUnit.NANOSECONDS);
  }

  private void waited(Lane lane) {
    List<Write> late = null;
    synchronized (lane) {
      lane.timed = false;
      if (!lane.gathering.isEmpty()
          && System.nanoTime() - lane.gatheringSinceNanos >= MAX_WAIT_NANOS) {
        late = lane.take();
      }
    }
    proceed(lane, late);
  }

  private void send(Lane lane, List<Write> writes) {
    if (writes.size() == 1) {
      sendAlone(writes.get(0)).whenComplete((done, failure) -> answered(lane));
      return;
    }
    List<BoundStatement> rows = new ArrayList<>();
    writes.forEach(write -> rows.addAll(write.rows));
    requests
        .sendToPartitions(
            together(rows), () -> "write events of %d streams".formatted(writes.size()))
        .whenComplete(
            (stored, failure) -> {
              answered(lane);
              Burst.run(() -> writes.forEach(write -> answer(write, failure)));
            });
  }

  private void answered(Lane lane) {
    List<Write> next;
    synchronized (lane) {
      lane.underWay--;
      next = due(lane);
    }
    proceed(lane, next);
  }

  /** What was refused as a whole is sent again, each write by itself. */
  private void answer(Write write, @Nullable Throwable failure) {
    if (failure != null
        && FenceException.causeOf(failure) instanceof FenceException refused
        && refused.effect() == Effect.NONE) {
      sendAlone(write);
    } else {
      write.answer(failure);
    }
  }

  private CompletionStage<Void> sendAlone(Write write) {
    Statement<?> statement = write.rows.size() == 1 ? write.rows.get(0) : together(write.rows);
    requests
        .send(statement, write.operation)
        .whenComplete((stored, failure) -> write.answer(failure));
    return write.answer;
  }

  private Statement<?> together(List<BoundStatement> rows) {
    BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
    rows.forEach(batch::addStatement);
    return batch
        .setExecutionProfileName(settings.driverProfile())
        .setConsistencyLevel(settings.consistency().level)
        .setIdempotence(true)
        .build();
  }

  /**
   * At least what Cassandra takes for a row's size when it limits batches: the partition's key, the
   * first two values, does not count.
   */
  private static int sizeInBytes(BoundStatement row) {
    int size = 0;
    List<ByteBuffer> values = row.getValues();
    for (int i = 2; i < values.size(); i++) {
      ByteBuffer value = values.get(i);
      if (value != null && row.isSet(i)) {
        size += CELL_BYTES + value.remaining();
      }
    }
    return size;
  }
}
