// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.micro;

import io.holdfast.eventstore.AppendBatchInput;
import io.holdfast.eventstore.AppendEventInput;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.eventstore.ReadStreamResult;
import io.holdfast.testkit.InMemoryEventStore;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The Java API over the test kit's store: what an append and a read cost beside actors and I/O. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InMemoryStore {
  private static final String READ = "read";
  private static final int BATCH = 10;
  private static final int STREAMS = 1 << 14;

  private final List<NewEvent<Payload>> batch = Collections.nCopies(BATCH, Payload.event());
  private EventStore store = InMemoryEventStore.create();
  private int next;

  /** JMH makes one for each thread. */
  public InMemoryStore() {}

  /** Whatever was appended is kept, so each iteration begins with nothing. */
  @Setup(Level.Iteration)
  public void start() throws Exception {
    store = InMemoryEventStore.builder().serializer(Payload.serializer()).start();
    store
        .appendBatch(AppendBatchInput.of(READ, batch))
        .toCompletableFuture()
        .get(1, TimeUnit.SECONDS);
  }

  /** One event, to one of many streams. */
  @Benchmark
  public Object append() {
    return store.append(AppendEventInput.of(nextStream(), Payload.event()));
  }

  /** Ten events at once. */
  @Benchmark
  public Object appendBatch() {
    return store.appendBatch(AppendBatchInput.of(nextStream(), batch));
  }

  /** A stream of ten events. */
  @Benchmark
  public ReadStreamResult read() throws Exception {
    return store.readStream(READ).toCompletableFuture().get(1, TimeUnit.SECONDS);
  }

  private String nextStream() {
    return "stream-" + (next++ & (STREAMS - 1));
  }
}
