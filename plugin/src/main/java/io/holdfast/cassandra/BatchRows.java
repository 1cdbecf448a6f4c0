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

/** Gathers the rows of one batch, as {@code Statements.Name.SELECT_BATCH} reads them. */
final class BatchRows {
  /** Where the header begins in {@code Statements.Name.SELECT_BATCH}. */
  static final int HEADER = 4;

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

  String persistenceId() {
    return persistenceId;
  }

  void add(Row row) {
    EventHeader header = HeaderColumns.header(row, HEADER);
    if (header.batchFirstSequenceNr() != batch.batchFirstSequenceNr()) {
      return;
    }
    rows++;
    writer = header.writer();
    logPosition = header.logPosition();
    epoch = Math.max(row.getLong(1), row.getLong(2));
    String streamEventType = ObjectColumns.text(row, 3);
    String type = streamEventType.isEmpty() ? header.type() : streamEventType;
    if (!type.isEmpty()) {
      eventTypes.add(type);
    }
    tags.addAll(header.tags());
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
