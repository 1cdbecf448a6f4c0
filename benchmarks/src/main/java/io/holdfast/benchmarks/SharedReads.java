// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Reads that all who wait share, as the fence has it, a few of them under way at a time. */
final class SharedReads {
  private static final int OVERLAPPING_READS = 2;

  private final Supplier<CompletionStage<?>> read;
  private List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private int reading;

  SharedReads(Supplier<CompletionStage<?>> read) {
    this.read = read;
  }

  /** Completes with a read that begins after this call. */
  CompletionStage<Void> join() {
    CompletableFuture<Void> entry = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(entry);
    }
    begin();
    return entry;
  }

  private void begin() {
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
              begin();
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
