// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The list of all writers, to which each appends itself. Thread-safe.
 *
 * <p>Plain reads tell from which number on to try, no more: whether a number is free is decided by
 * a conditional update, and whoever tries one has seen all lower ones taken by others. So no writer
 * stands on the list twice, and no number is left out.
 */
public final class WriterList {
  private final LogStorage storage;

  public WriterList(LogStorage storage) {
    this.storage = storage;
  }

  /**
   * Puts a writer on the list, at its end. To register the same writer again is harmless.
   *
   * @return its number
   */
  public CompletionStage<Long> register(UUID writer, Instant now) {
    return register(writer, now, RegisteredWriter.FIRST_NUMBER);
  }

  /** Looks for the end of the list, and for the writer on the way there. */
  private CompletionStage<Long> register(UUID writer, Instant now, long from) {
    return storage
        .readWriters(from)
        .thenCompose(
            writers -> {
              for (RegisteredWriter other : writers) {
                if (other.id().equals(writer)) {
                  return completedFuture(other.number());
                }
              }
              return writers.isEmpty()
                  ? enter(writer, now, from)
                  : register(writer, now, from + writers.size());
            });
  }

  private CompletionStage<Long> enter(UUID writer, Instant now, long number) {
    return storage
        .enter(writer, number, now)
        .thenCompose(
            there ->
                there.equals(writer) ? completedFuture(number) : enter(writer, now, number + 1));
  }
}
