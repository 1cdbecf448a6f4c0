// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * What the log asks of storage, at quorum like everything else. Stages fail with a {@link
 * FenceException}. Thread-safe; no method blocks.
 */
public interface LogStorage {
  /**
   * Makes a writer's entry in the {@linkplain WriterList list of all writers} at a number, unless
   * one is there already.
   *
   * @return the writer whose entry is there now
   */
  CompletionStage<UUID> enter(UUID writer, long number, Instant now);

  /**
   * Notes that a writer is alive.
   *
   * @return whether its entry is there; nothing is noted if it is not
   */
  CompletionStage<Boolean> beat(UUID writer, long number, Instant now);

  /**
   * Notes that no row will follow in a writer's log. What was noted first counts.
   *
   * @param end the first position that has no row
   * @return whether its entry is there; nothing is noted if it is not
   */
  CompletionStage<Boolean> retire(UUID writer, long number, long end, Instant now);

  /**
   * Entries of the list of writers from a number on, ascending and without gap; some, not all, but
   * none only if the first is not there.
   */
  CompletionStage<List<RegisteredWriter>> readWriters(long from);

  /** Writes a row. To write the same row again is harmless. */
  CompletionStage<Void> insertLogRow(UUID writer, LogRow row);

  /**
   * Rows of a log from a position on, ascending and without gap; some, not all, but none only if
   * the first is not there.
   */
  CompletionStage<List<LogRow>> readLog(UUID writer, long from);

  /** The first position of a log that has no row. The rows below it stay readable. */
  CompletionStage<Long> readLogEnd(UUID writer);

  /**
   * The batch that ends with this sequence number, as it stands.
   *
   * @return empty if there is no such row
   */
  CompletionStage<Optional<StoredBatch>> readBatch(String persistenceId, long lastSequenceNr);
}
