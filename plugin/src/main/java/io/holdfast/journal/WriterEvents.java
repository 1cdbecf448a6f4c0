// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.fence.FenceListener;
import io.holdfast.fence.StreamOwnership;
import io.holdfast.metrics.Measurements;
import io.holdfast.metrics.Operation;
import io.holdfast.metrics.Quantity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Measures and logs what happens in a writer. */
final class WriterEvents implements FenceListener {
  private final UUID writer;
  private final Measurements measurements;
  private final WriterLog log;

  WriterEvents(UUID writer, Measurements measurements, WriterLog log) {
    this.writer = writer;
    this.measurements = measurements;
    this.log = log;
  }

  @Override
  public void fenceRead(int requests, long nanos, @Nullable Throwable failure) {
    measurements.completed(
        Operation.FENCE_READ, Stopwatch.outcome(Operation.FENCE_READ, failure), nanos);
    measurements.add(Quantity.FENCE_READ_REQUESTS, requests);
  }

  @Override
  public void claimed(
      String persistenceId, StreamOwnership previous, long nanos, @Nullable Throwable failure) {
    measurements.completed(Operation.CLAIM, Stopwatch.outcome(Operation.CLAIM, failure), nanos);
    if (failure == null && !previous.owner().equals(writer)) {
      log.takenOver(writer, persistenceId, previous);
    }
  }

  @Override
  public void claimRepeated(String persistenceId, int attempt) {
    measurements.add(Quantity.CLAIMS_REPEATED, 1);
    log.claimRepeated(writer, persistenceId, attempt);
  }

  @Override
  public void lost(String persistenceId) {
    measurements.add(Quantity.STREAMS_LOST, 1);
    log.lost(writer, persistenceId);
  }

  @Override
  public void logged(int entries) {
    measurements.add(Quantity.LOG_ENTRIES, entries);
  }
}
