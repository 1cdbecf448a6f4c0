// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Writers on the bare driver, each of which waits for its answer before it goes on: what a journal
 * cannot be faster than. With a read after each write that all who wait share, as the fence has it,
 * a few of them under way at a time. For one run.
 */
final class BareWriters {
  private static final int OVERLAPPING_READS = 2;
  private static final long END_SECONDS = 60;

  private final Supplier<CompletionStage<?>> insert;
  private final Supplier<CompletionStage<?>> read;
  private final boolean reads;
  private final LongAdder written = new LongAdder();
  private volatile boolean open = true;

  private List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private int reading;

  BareWriters(
      Supplier<CompletionStage<?>> insert, Supplier<CompletionStage<?>> read, boolean reads) {
    this.insert = insert;
    this.read = read;
    this.reads = reads;
  }

  /** Lets so many write for a while; answers how many events a second that were. */
  double perSecond(int writers, Duration window) throws Exception {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < writers; i++) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      ends.add(end);
      write(end);
    }
    TimeUnit.NANOSECONDS.sleep(window.toNanos());
    double perSecond = written.sum() * 1e9 / (System.nanoTime() - start);
    open = false;
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .get(END_SECONDS, TimeUnit.SECONDS);
    return perSecond;
  }

  private void write(CompletableFuture<Void> end) {
    if (!open) {
      end.complete(null);
      return;
    }
    insert
        .get()
        .thenCompose(stored -> reads ? joinRead() : CompletableFuture.completedFuture(null))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                end.completeExceptionally(failure);
              } else {
                written.increment();
                write(end);
              }
            });
  }

  private CompletionStage<Void> joinRead() {
    CompletableFuture<Void> entry = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(entry);
    }
    beginRead();
    return entry;
  }

  private void beginRead() {
    List<CompletableFuture<Void>> served;
    synchronized (this) {
      if (reading == OVERLAPPING_READS || waiting.isEmpty()) {
        return;
      }
      reading++;
      served = waiting;
      waiting = new ArrayList<>();
    }
    read.get()
        .whenComplete(
            (done, failure) -> {
              synchronized (this) {
                reading--;
              }
              beginRead();
              for (CompletableFuture<Void> entry : served) {
                if (failure == null) {
                  entry.complete(null);
                } else {
                  entry.completeExceptionally(failure);
                }
              }
            });
  }
}
