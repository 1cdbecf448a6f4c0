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

  /** The first page, as far as it has no gap, and no row of which a part is missing. */
  private static List<LogRow> rows(AsyncResultSet page, long from) {
    List<LogRow> rows = new ArrayList<>();
    for (Row row : page.currentPage()) {
      if (row.getLong(0) != from + rows.size() || !isWhole(row)) {
        break;
      }
      rows.add(row(row));
    }
    return rows;
  }

  /**
   * The first position without a row. All rows below the one that the last row says is settled are
   * stored; from there on they are read whole, so that those that count stay readable.
   */
  CompletionStage<Long> readEnd(UUID writer) {
    return gallop(writer, LogRow.FIRST_POSITION, -1, 1)
        .thenCompose(settledTo -> readToEnd(writer, settledTo));
  }

  private CompletionStage<Long> readToEnd(UUID writer, long from) {
    return read(writer, from)
        .thenCompose(
            rows -> rows.isEmpty() ? completedFuture(from) : readToEnd(writer, from + rows.size()));
  }

  /** A bucket is begun when the one before it is full, or almost. */
  private CompletionStage<Long> gallop(UUID writer, long settledTo, long bucket, long step) {
    return readSettledTo(writer, bucket + step, Long.MAX_VALUE)
        .thenCompose(
            found -> {
              if (found > 0) {
                return gallop(writer, found, bucket + step, step * 2);
              }
              return step > 1 ? gallop(writer, settledTo, bucket, 1) : completedFuture(settledTo);
            });
  }

  /** Up to where the rows are settled, as the last row of a bucket says; 0 if it has none. */
  private CompletionStage<Long> readSettledTo(UUID writer, long bucket, long before) {
    return requests
        .send(
            statements.get(Name.SELECT_LOG_END).bind(writer, bucket, before),
            "read the end of the log of writer %s",
            writer)
        .thenCompose(
            page -> {
              Row last = page.one();
              if (last == null) {
                return completedFuture(0L);
              }
              return isWhole(last)
                  ? completedFuture(last.getLong(2))
                  : readSettledTo(writer, bucket, last.getLong(0));
            });
  }

  /**
   * A row that was stored at quorum is always read whole. Of one that was not, builds before schema
   * version 3 may have left a replica with nothing but the position.
   */
  private static boolean isWhole(Row row) {
    return !row.isNull(6);
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
