// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.history;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Records a history in a file. Thread-safe and cheap: threads make their lines by themselves, and
 * only put them into the same buffer in turn. A line is in the buffer when the call returns, and in
 * the file after {@link #flush} or {@link #close}, or when the buffer is full.
 *
 * <p>Every method fails with an {@link UncheckedIOException} if the file cannot be written: a run
 * without its history is worth nothing.
 */
public final class HistoryWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final OutputStream file;
  private final LongSupplier nanos;
  private final AtomicLong operations = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final Map<String, Long> deliveries = new ConcurrentHashMap<>();

  private HistoryWriter(OutputStream file, LongSupplier nanos) {
    this.file = new BufferedOutputStream(file, BUFFER_BYTES);
    this.nanos = nanos;
  }

  /**
   * Begins a history by the clock of this process.
   *
   * @param file is replaced if it is there
   * @param seed of the run
   * @param settings versions, sizes, workloads, whatever tells one run from another
   */
  public static HistoryWriter create(Path file, long seed, Map<String, String> settings) {
    long start = System.nanoTime();
    return create(file, seed, settings, () -> System.nanoTime() - start);
  }

  static HistoryWriter create(
      Path file, long seed, Map<String, String> settings, LongSupplier nanos) {
    try {
      HistoryWriter writer = new HistoryWriter(Files.newOutputStream(file), nanos);
      writer.write(
          new HistoryRecord.Header(
              0, HistoryRecord.FORMAT, Instant.now().toString(), seed, settings));
      return writer;
    } catch (IOException e) {
      throw new UncheckedIOException("history '%s' cannot be written".formatted(file), e);
    }
  }

  /**
   * A client is about to ask. Call it before the request can have any effect.
   *
   * @return the operation's number, for {@link #complete}
   */
  public long invoke(String client, Operation operation) {
    long number = operations.incrementAndGet();
    write(new HistoryRecord.Invocation(nanos.getAsLong(), number, client, operation));
    return number;
  }

  /** A client has its answer. Once for an operation, or never where no answer came. */
  public void complete(long operation, Outcome outcome) {
    write(new HistoryRecord.Completion(nanos.getAsLong(), operation, outcome));
  }

  /**
   * Something is about to be broken.
   *
   * @return the fault's number, for {@link #endFault}
   */
  public long beginFault(String kind, String where, String detail) {
    long number = faults.incrementAndGet();
    write(new HistoryRecord.FaultBegin(nanos.getAsLong(), number, kind, where, detail));
    return number;
  }

  /** It is mended. */
  public void endFault(long fault) {
    write(new HistoryRecord.FaultEnd(nanos.getAsLong(), fault));
  }

  /** See {@link HistoryRecord.ConsumerStart}. */
  public void startConsumer(String consumer, String kind, String prefix, long after) {
    write(new HistoryRecord.ConsumerStart(nanos.getAsLong(), consumer, kind, prefix, after));
  }

  /**
   * See {@link HistoryRecord.Delivery}. Of one consumer by one thread at a time.
   *
   * @return how many deliveries the consumer has had with this one: to be kept with the place after
   *     it, for {@link #startConsumer} when the consumer goes on from there
   */
  public long deliver(String consumer, String stream, long version, String id) {
    write(new HistoryRecord.Delivery(nanos.getAsLong(), consumer, stream, version, id));
    return deliveries.merge(consumer, 1L, Long::sum);
  }

  /** See {@link HistoryRecord.CaughtUp}. */
  public void caughtUp(String consumer) {
    write(new HistoryRecord.CaughtUp(nanos.getAsLong(), consumer));
  }

  private void write(HistoryRecord record) {
    byte[] line = HistoryJson.write(record);
    try {
      synchronized (file) {
        file.write(line);
        file.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the history cannot be written", e);
    }
  }

  /** Puts into the file what is in the buffer. */
  public void flush() {
    try {
      synchronized (file) {
        file.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the history cannot be written", e);
    }
  }

  @Override
  public void close() {
    try {
      synchronized (file) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the history cannot be written", e);
    }
  }
}
