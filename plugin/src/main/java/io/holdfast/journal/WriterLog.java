// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.fence.StreamOwnership;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells operators what the fence did with which stream, a few lines of each kind a minute. What is
 * thrown on to a caller is not logged here, but for the two that concern more than their caller.
 * Thread-safe.
 */
final class WriterLog {
  private static final Logger LOG = LoggerFactory.getLogger(WriterLog.class);

  private final LimitedLog takenOver;
  private final LimitedLog lost;
  private final LimitedLog unknown;
  private final LimitedLog repeated;

  WriterLog(LongSupplier nanoTime) {
    this.takenOver =
        new LimitedLog(LOG, Level.INFO, "streams were taken over from other writers", nanoTime);
    this.lost = new LimitedLog(LOG, Level.WARN, "streams were lost to other writers", nanoTime);
    this.unknown = new LimitedLog(LOG, Level.WARN, "writes have an unknown outcome", nanoTime);
    this.repeated = new LimitedLog(LOG, Level.WARN, "claims had to begin anew", nanoTime);
  }

  void takenOver(UUID writer, String persistenceId, StreamOwnership previous) {
    takenOver
        .next()
        .addKeyValue("persistenceId", persistenceId)
        .addKeyValue("writer", writer)
        .addKeyValue("previousWriter", previous.owner())
        .addKeyValue("previousEpoch", previous.epoch())
        .log("Took stream '{}' over from writer {}", persistenceId, previous.owner());
  }

  void lost(UUID writer, String persistenceId) {
    lost.next()
        .addKeyValue("persistenceId", persistenceId)
        .addKeyValue("writer", writer)
        .log(
            "Stream '{}' was taken by another writer while it was in use here; it must recover",
            persistenceId);
  }

  void unknown(String persistenceId, long firstSequenceNr, long lastSequenceNr, Throwable cause) {
    unknown
        .next()
        .addKeyValue("persistenceId", persistenceId)
        .addKeyValue("firstSequenceNr", firstSequenceNr)
        .addKeyValue("lastSequenceNr", lastSequenceNr)
        .log(
            "It is unknown whether events {} to {} of '{}' are stored: {}",
            firstSequenceNr,
            lastSequenceNr,
            persistenceId,
            cause.getMessage());
  }

  void claimRepeated(UUID writer, String persistenceId, int attempt) {
    repeated
        .next()
        .addKeyValue("persistenceId", persistenceId)
        .addKeyValue("writer", writer)
        .addKeyValue("attempt", attempt)
        .log(
            "Another writer took stream '{}' while this one claimed it (attempt {})",
            persistenceId,
            attempt);
  }

  /** To be called now and then: tells what was left out. */
  void sumUp() {
    all().forEach(LimitedLog::sumUp);
  }

  void close() {
    all().forEach(LimitedLog::close);
  }

  private List<LimitedLog> all() {
    return List.of(takenOver, lost, unknown, repeated);
  }
}
