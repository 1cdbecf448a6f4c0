// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.fence.LogEntry;
import io.holdfast.fence.StoredBatch;
import io.holdfast.fence.Tail;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gathers the rows of one batch, as {@link Statements.Name#SELECT_BATCH} reads them. */
final class BatchRows {
  private final String persistenceId;
  private final Tail batch;
  private final Set<String> eventTypes = new TreeSet<>();
  private final Set<String> tags = new TreeSet<>();
  private long rows;
  private @Nullable UUID writer;
  private long logPosition = StoredBatch.UNLOGGED;
  private long epoch;

  BatchRows(String persistenceId, Tail batch) {
    this.persistenceId = persistenceId;
    this.batch = batch;
  }

  /** Takes a row of the batch, if it is one, and whole. */
  void add(Row row) {
    if (!EventRows.hasHeader(row)) {
      return;
    }
    EventHeader header = EventRows.header(row);
    long rowEpoch = epoch(row);
    if (header.batchFirstSequenceNr() != batch.batchFirstSequenceNr()
        || (writer != null && rowEpoch != epoch)
        || !EventRows.missing(row, header).isEmpty()) {
      return;
    }
    rows++;
    writer = header.writer();
    logPosition = header.logPosition();
    epoch = rowEpoch;
    String type = EventRows.type(row, header);
    if (!type.isEmpty()) {
      eventTypes.add(type);
    }
    tags.addAll(header.tags());
  }

  /** The epoch of a row, in whichever of the two columns its header stands. */
  static long epoch(Row row) {
    return Math.max(row.getLong(Statements.EPOCH), row.getLong(Statements.EPOCH + 1));
  }

  /** Whether all rows from that one on were there. */
  boolean isWhole(long first) {
    return rows == batch.sequenceNr() - first + 1;
  }

  /** The batch; empty if none of its rows was there. */
  Optional<StoredBatch> stored() {
    return writer == null
        ? Optional.empty()
        : Optional.of(
            new StoredBatch(
                new LogEntry(
                    persistenceId,
                    batch.batchFirstSequenceNr(),
                    batch.sequenceNr(),
                    epoch,
                    eventTypes,
                    tags),
                writer,
                logPosition));
  }
}
