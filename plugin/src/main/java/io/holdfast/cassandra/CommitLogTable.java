// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import io.holdfast.cassandra.Statements.Name;
import io.holdfast.fence.LogEntry;
import io.holdfast.fence.LogRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The table {@code commit_log}: each writer's rows, in partitions of ten thousand. */
@SuppressWarnings("CheckReturnValue") // the driver's builders change in place
final class CommitLogTable {
  static final long BUCKET_SIZE = 10_000;

  /** A row may have a thousand entries, or a megabyte of them. */
  private static final int PAGE_ROWS = 100;

  // The driver would look them up for each row.
  private static final TypeCodec<Map<Long, Set<Integer>>> VOIDED =
      TypeCodecs.mapOf(TypeCodecs.BIGINT, TypeCodecs.setOf(TypeCodecs.INT));
  private static final TypeCodec<Map<UUID, Long>> AFTER =
      TypeCodecs.mapOf(TypeCodecs.TIMEUUID, TypeCodecs.BIGINT);

  private final Requests requests;
  private final Statements statements;

  CommitLogTable(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  CompletionStage<Void> insert(UUID writer, LogRow row) {
    BoundStatement bound =
        statements
            .get(Name.INSERT_LOG_ROW)
            .boundStatementBuilder()
            .setUuid(0, writer)
            .setLong(1, row.position() / BUCKET_SIZE)
            .setLong(2, row.position())
            .setByteBuffer(3, LogEntries.encode(row.entries()))
            .setLong(4, row.settledTo())
            .set(5, row.voided(), VOIDED)
            .set(6, row.after(), AFTER)
            .setByteBuffer(7, LogEntries.encode(row.adopted()))
            .setInstant(8, row.loggedAt())
            .build();
    return requests
        .send(bound, "write row %d of the log of writer %s", row.position(), writer)
        .thenApply(stored -> null);
  }

  CompletionStage<List<LogRow>> read(UUID writer, long from) {
    BoundStatement select =
        statements
            .get(Name.SELECT_LOG)
            .bind(writer, from / BUCKET_SIZE, from)
            .setPageSize(PAGE_ROWS);
    return requests
        .send(select, "read the log of writer %s", writer)
        .thenApply(page -> rows(page, from));
  }

  /** The first page, as far as it has no gap. */
  private static List<LogRow> rows(AsyncResultSet page, long from) {
    List<LogRow> rows = new ArrayList<>();
    for (Row row : page.currentPage()) {
      if (row.getLong(0) != from + rows.size()) {
        break;
      }
      rows.add(row(row));
    }
    return rows;
  }

  CompletionStage<Long> readEnd(UUID writer) {
    return gallop(writer, LogRow.FIRST_POSITION, -1, 1);
  }

  /** A bucket is begun when the one before it is full, or almost. */
  private CompletionStage<Long> gallop(UUID writer, long end, long bucket, long step) {
    return readEnd(writer, bucket + step)
        .thenCompose(
            found -> {
              if (found > 0) {
                return gallop(writer, found, bucket + step, step * 2);
              }
              return step > 1 ? gallop(writer, end, bucket, 1) : completedFuture(end);
            });
  }

  /**
   * The first position of a bucket that has no row; 0 if none has. No more rows may be missing
   * before the last one than may be open at a time.
   */
  private CompletionStage<Long> readEnd(UUID writer, long bucket) {
    return requests
        .send(
            statements.get(Name.SELECT_LOG_END).bind(writer, bucket),
            "read the end of the log of writer %s",
            writer)
        .thenApply(page -> end(page.currentPage(), bucket));
  }

  private static long end(Iterable<Row> lastRows, long bucket) {
    long end = 0;
    long position = 0;
    int rows = 0;
    for (Row row : lastRows) {
      if (rows == 0 || row.getLong(0) != position - 1) {
        end = row.getLong(0) + 1;
      }
      position = row.getLong(0);
      rows++;
    }
    long start = Math.max(LogRow.FIRST_POSITION, bucket * BUCKET_SIZE);
    boolean startMissing = rows > 0 && rows < Statements.LOG_END_ROWS && position != start;
    return startMissing ? start : end;
  }

  private static LogRow row(Row row) {
    return new LogRow(
        row.getLong(0),
        entries(row, 1, 7),
        row.getLong(2),
        requireNonNull(row.get(3, VOIDED), "voided"),
        requireNonNull(row.get(4, AFTER), "after"),
        entries(row, 5, 8),
        requireNonNull(row.getInstant(6), "logged_at"));
  }

  /** Rows of earlier builds have the same bytes in a column of another type. */
  private static List<LogEntry> entries(Row row, int column, int formerColumn) {
    return LogEntries.decode(row.getBytesUnsafe(row.isNull(column) ? formerColumn : column));
  }
}
