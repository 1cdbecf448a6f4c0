// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.ReadBudget.Holder;
import io.holdfast.cassandra.ReadBudget.Share;
import io.holdfast.cassandra.Statements.Name;
import io.holdfast.fence.Batch;
import io.holdfast.fence.StoredBatch;
import io.holdfast.fence.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The table {@code events}. */
final class EventsTable {
  /**
   * What all that read ranges share.
   *
   * @param largestRow the size that a row is taken to have before it is read, unless larger ones
   *     were read lately
   */
  record Reading(
      Requests requests,
      Partitions partitions,
      ReadBudget budget,
      FirstPage firstPage,
      long largestRow) {}

  private final Requests requests;
  private final Statements statements;
  private final GroupedWrites writes;
  private final Partitions partitions;
  private final EventRows rows;
  private final Reading reading;
  private final long maxBatchBytes;

  EventsTable(
      Requests requests, Statements statements, CassandraSettings settings, ReadBudget budget) {
    this.requests = requests;
    this.statements = statements;
    this.writes = new GroupedWrites(requests, settings);
    this.partitions = new Partitions(settings.partitionSize());
    this.reading =
        new Reading(requests, partitions, budget, new FirstPage(), settings.largestEventBytes());
    this.maxBatchBytes = settings.maxBatchBytes();
    this.rows =
        new EventRows(statements.get(Name.INSERT_EVENT), statements.get(Name.INSERT_STREAM_EVENT));
  }

  CompletionStage<Void> insert(
      Batch<EventRow> batch, long batchFirst, long epoch, UUID writer, long logPosition) {
    EventRows.Position position =
        position(
            batch.persistenceId(), batchFirst, batch.lastSequenceNr(), epoch, writer, logPosition);
    List<BoundStatement> bound = new ArrayList<>(batch.rows().size());
    long next = batchFirst;
    for (EventRow row : batch.rows()) {
      bindFillers(bound, position, next, row.sequenceNr() - 1);
      bound.add(rows.bind(position, row));
      next = row.sequenceNr() + 1;
    }
    return write(batch.persistenceId(), batch.firstSequenceNr(), batch.lastSequenceNr(), bound);
  }

  CompletionStage<Void> fill(
      String persistenceId, long first, long last, long epoch, UUID writer, long logPosition) {
    List<BoundStatement> bound = new ArrayList<>();
    bindFillers(
        bound, position(persistenceId, first, last, epoch, writer, logPosition), first, last);
    return write(persistenceId, first, last, bound);
  }

  private EventRows.Position position(
      String persistenceId,
      long batchFirst,
      long batchLast,
      long epoch,
      UUID writer,
      long logPosition) {
    return new EventRows.Position(
        persistenceId,
        partitions.after(batchFirst - 1),
        new EventHeader.Place(batchFirst, batchLast, writer, logPosition),
        epoch);
  }

  private void bindFillers(
      List<BoundStatement> bound, EventRows.Position position, long first, long last) {
    for (long sequenceNr = first; sequenceNr <= last; sequenceNr++) {
      bound.add(rows.bindFiller(position, sequenceNr));
    }
  }

  private CompletionStage<Void> write(
      String persistenceId, long first, long last, List<BoundStatement> rows) {
    return writes.write(
        rows, () -> "write events %d to %d of stream '%s'".formatted(first, last, persistenceId));
  }

  CompletionStage<Tail> readTail(String persistenceId, long head, long deletedTo) {
    return new TailSearch(partitions, partitionNr -> readLast(persistenceId, partitionNr))
        .find(head, deletedTo);
  }

  private CompletionStage<Tail> readLast(String persistenceId, long partitionNr) {
    return readLast(persistenceId, partitionNr, Long.MAX_VALUE);
  }

  /** A row without a header belongs to a batch that was never acknowledged, whichever it is. */
  private CompletionStage<Tail> readLast(String persistenceId, long partitionNr, long before) {
    return readRow(
            "find the end of", Name.SELECT_LAST, persistenceId, persistenceId, partitionNr, before)
        .thenCompose(
            result -> {
              Row row = result.one();
              if (row == null) {
                return CompletableFuture.completedFuture(Tail.NONE);
              }
              return EventRows.hasHeader(row)
                  ? CompletableFuture.completedFuture(batchOf(row))
                  : readLast(persistenceId, partitionNr, row.getLong(0));
            });
  }

  /** The batch of a row. Before schema version 3, nothing tells whether rows follow this one. */
  private static Tail batchOf(Row row) {
    EventHeader header = EventRows.header(row);
    long sequenceNr = row.getLong(0);
    return new Tail(
        header.batchFirstSequenceNr(), Math.max(sequenceNr, header.batchLastSequenceNr()));
  }

  CompletionStage<Optional<StoredBatch>> settleTail(
      String persistenceId, Tail tail, long deletedTo) {
    long partitionNr = partitions.after(tail.batchFirstSequenceNr() - 1);
    long first = Math.max(tail.batchFirstSequenceNr(), deletedTo + 1);
    return readBatch(persistenceId, partitionNr, first, tail)
        .thenApply(batch -> batch.isWhole(first) ? batch.stored() : Optional.empty());
  }

  /** The batch, as far as it stands, that ends with a row which may lie in two partitions. */
  CompletionStage<Optional<StoredBatch>> readBatch(String persistenceId, long lastSequenceNr) {
    long highest = partitions.highestOf(lastSequenceNr);
    return readBatch(persistenceId, partitions.lowestOf(lastSequenceNr), lastSequenceNr)
        .thenCompose(
            found ->
                found.isPresent() || highest == 0
                    ? CompletableFuture.completedFuture(found)
                    : readBatch(persistenceId, highest, lastSequenceNr));
  }

  private CompletionStage<Optional<StoredBatch>> readBatch(
      String persistenceId, long partitionNr, long lastSequenceNr) {
    return selectBatch(persistenceId, partitionNr, lastSequenceNr, lastSequenceNr)
        .thenCompose(
            result -> {
              Row row = result.one();
              if (row == null || !EventRows.hasHeader(row)) {
                return CompletableFuture.completedFuture(Optional.empty());
              }
              Tail batch = batchOf(row);
              return readBatch(persistenceId, partitionNr, batch.batchFirstSequenceNr(), batch)
                  .thenApply(BatchRows::stored);
            });
  }

  private CompletionStage<BatchRows> readBatch(
      String persistenceId, long partitionNr, long first, Tail batch) {
    return selectBatch(persistenceId, partitionNr, first, batch.sequenceNr())
        .thenApply(
            page -> {
              BatchRows rows = new BatchRows(persistenceId, batch);
              page.currentPage().forEach(rows::add);
              return rows;
            });
  }

  /**
   * Reads all rows in one page: two pages may be read from different replicas, and each would show
   * and repair another part of a batch that few replicas have.
   */
  private CompletionStage<AsyncResultSet> selectBatch(
      String persistenceId, long partitionNr, long first, long last) {
    int rows = Math.toIntExact(last - first + 1);
    return read(
            "read a batch of stream '" + persistenceId + "'",
            Math.min(rows * reading.largestRow(), Math.max(maxBatchBytes, reading.largestRow())),
            statements
                .get(Name.SELECT_BATCH)
                .bind(persistenceId, partitionNr, first, last)
                .setPageSize(rows + 1))
        .thenApply(
            page -> {
              if (page.hasMorePages()) {
                throw new IllegalStateException(
                    "Cassandra answered with %d of at most %d rows of a batch of '%s' in one page"
                        .formatted(page.remaining(), rows, persistenceId));
              }
              return page;
            });
  }

  CompletionStage<Long> epochAfter(String persistenceId, long head) {
    return readRow(
            "read the epoch of",
            Name.SELECT_EPOCH,
            persistenceId,
            persistenceId,
            partitions.after(head),
            head + 1)
        .thenApply(
            page -> {
              Row row = page.one();
              return row == null ? 0 : BatchRows.epoch(row);
            });
  }

  /**
   * The lowest sequence number up to {@code deletedTo} that has a row; 0 if none has. Deletions go
   * from the lowest partition to the highest, each after the one before it is stored: so whatever
   * one has left begins in some partition and goes on in all after that.
   */
  CompletionStage<Long> firstUndeleted(String persistenceId, long deletedTo) {
    return firstUndeleted(persistenceId, deletedTo, partitions.highestOf(deletedTo), 0);
  }

  private CompletionStage<Long> firstUndeleted(
      String persistenceId, long deletedTo, long partitionNr, long lowest) {
    return read(
            "find deleted events of stream '" + persistenceId + "'",
            reading.largestRow(),
            statements
                .get(Name.SELECT_EVENTS)
                .bind(persistenceId, partitionNr, 1L, deletedTo)
                .setPageSize(1))
        .thenCompose(
            page -> {
              Row row = page.one();
              long found = row == null ? lowest : row.getLong(0);
              boolean mayGoOn = row != null || partitionNr > partitions.lowestOf(deletedTo);
              return partitionNr > 0 && mayGoOn
                  ? firstUndeleted(persistenceId, deletedTo, partitionNr - 1, found)
                  : CompletableFuture.completedFuture(found);
            });
  }

  CompletionStage<Void> clearAfter(String persistenceId, long sequenceNr, long epoch) {
    return send(
            "clear the end of",
            Name.DELETE_AFTER,
            persistenceId,
            epoch,
            persistenceId,
            partitions.after(sequenceNr),
            sequenceNr)
        .thenApply(cleared -> null);
  }

  /**
   * Each deletion begins with the partition and has a later write time than the one before, so that
   * it takes the place of that: reads meet one tombstone, not one for each. It cannot hide what
   * should stay, since nothing is ever written where it lies.
   */
  CompletionStage<Void> deleteRange(
      String persistenceId, long deletedTo, long toSequenceNr, long epoch) {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    long last = partitions.highestOf(toSequenceNr);
    for (long p = partitions.lowestOf(deletedTo + 1); p <= last; p++) {
      long partitionNr = p;
      all =
          all.thenCompose(
              done ->
                  send(
                          "delete events of",
                          Name.DELETE_RANGE,
                          persistenceId,
                          epoch + toSequenceNr,
                          persistenceId,
                          partitionNr,
                          0L,
                          toSequenceNr)
                      .thenApply(deleted -> null));
    }
    return all;
  }

  /**
   * @param deletedTo reads up to where the stream's events are deleted
   */
  EventPages read(
      String persistenceId,
      EventPages.Range range,
      EventPages.Use use,
      Supplier<CompletionStage<Long>> deletedTo) {
    Name name = range.reverse() ? Name.SELECT_EVENTS_BACKWARDS : Name.SELECT_EVENTS;
    return new EventPages(reading, statements.get(name), persistenceId, range, use, deletedTo);
  }

  private CompletionStage<AsyncResultSet> readRow(
      String operation, Name name, String persistenceId, Object... values) {
    return read(
        "%s stream '%s'".formatted(operation, persistenceId),
        reading.largestRow(),
        statements.get(name).bind(values));
  }

  /** Reads what is used at once, when there is room for so many bytes. */
  private CompletionStage<AsyncResultSet> read(
      String operation, long bytes, BoundStatement statement) {
    Share share = reading.budget().open(Holder.CHECK, null, operation);
    return share
        .acquire(bytes, bytes)
        .thenCompose(granted -> requests.send(statement, "%s", operation))
        .whenComplete((page, failure) -> share.close());
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, Name name, String persistenceId, Object... values) {
    return requests.send(
        statements.get(name).bind(values), "%s stream '%s'", operation, persistenceId);
  }
}
