// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
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

/** The table {@code events}. */
final class EventsTable {
  private final Requests requests;
  private final Statements statements;
  private final GroupedWrites writes;
  private final Partitions partitions;
  private final EventRows rows;
  private final FirstPage firstPage = new FirstPage();

  EventsTable(Requests requests, Statements statements, CassandraSettings settings) {
    this.requests = requests;
    this.statements = statements;
    this.writes = new GroupedWrites(requests, settings);
    this.partitions = new Partitions(settings.partitionSize());
    this.rows =
        new EventRows(statements.get(Name.INSERT_EVENT), statements.get(Name.INSERT_STREAM_EVENT));
  }

  CompletionStage<Void> insert(
      Batch<EventRow> batch, long batchFirst, long epoch, UUID writer, long logPosition) {
    EventRows.Position position =
        position(batch.persistenceId(), batchFirst, epoch, writer, logPosition);
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
    bindFillers(bound, position(persistenceId, first, epoch, writer, logPosition), first, last);
    return write(persistenceId, first, last, bound);
  }

  private EventRows.Position position(
      String persistenceId, long batchFirst, long epoch, UUID writer, long logPosition) {
    long partitionNr = partitions.after(batchFirst - 1);
    return new EventRows.Position(
        persistenceId, partitionNr, new EventHeader.Place(batchFirst, writer, logPosition), epoch);
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
    return send("find the end of", Name.SELECT_LAST, persistenceId, persistenceId, partitionNr)
        .thenApply(
            result -> {
              Row row = result.one();
              return row == null ? Tail.NONE : new Tail(batchFirst(row, 1), row.getLong(0));
            });
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
    return send(
            "read a batch of",
            Name.SELECT_BATCH,
            persistenceId,
            persistenceId,
            partitionNr,
            lastSequenceNr,
            lastSequenceNr)
        .thenCompose(
            result -> {
              Row row = result.one();
              if (row == null) {
                return CompletableFuture.completedFuture(Optional.empty());
              }
              Tail batch = new Tail(batchFirst(row, BatchRows.HEADER), lastSequenceNr);
              return readBatch(persistenceId, partitionNr, batch.batchFirstSequenceNr(), batch)
                  .thenApply(BatchRows::stored);
            });
  }

  private CompletionStage<BatchRows> readBatch(
      String persistenceId, long partitionNr, long first, Tail batch) {
    return send(
            "read a batch of",
            Name.SELECT_BATCH,
            persistenceId,
            persistenceId,
            partitionNr,
            first,
            batch.sequenceNr())
        .thenCompose(page -> addPages(new BatchRows(persistenceId, batch), page));
  }

  private CompletionStage<BatchRows> addPages(BatchRows rows, AsyncResultSet page) {
    page.currentPage().forEach(rows::add);
    return page.hasMorePages()
        ? requests
            .nextPage(page, "read a batch of stream '%s'", rows.persistenceId())
            .thenCompose(next -> addPages(rows, next))
        : CompletableFuture.completedFuture(rows);
  }

  CompletionStage<Long> epochAfter(String persistenceId, long head) {
    return send(
            "read the epoch of",
            Name.SELECT_EPOCH,
            persistenceId,
            persistenceId,
            partitions.after(head),
            head + 1)
        .thenApply(
            result -> {
              Row row = result.one();
              return row == null ? 0 : Math.max(row.getLong(0), row.getLong(1));
            });
  }

  private static long batchFirst(Row row, int header) {
    return HeaderColumns.header(row, header).batchFirstSequenceNr();
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
                          epoch,
                          persistenceId,
                          partitionNr,
                          deletedTo,
                          toSequenceNr)
                      .thenApply(deleted -> null));
    }
    return all;
  }

  EventPages read(String persistenceId, EventPages.Range range) {
    Name name = range.reverse() ? Name.SELECT_EVENTS_BACKWARDS : Name.SELECT_EVENTS;
    return new EventPages(
        requests, statements.get(name), partitions, persistenceId, range, firstPage);
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, Name name, String persistenceId, Object... values) {
    return requests.send(
        statements.get(name).bind(values), "%s stream '%s'", operation, persistenceId);
  }
}
