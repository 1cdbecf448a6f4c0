// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.Statements.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The table {@code parked_events}: a partition for each instance of a subscription. Within a
 * generation, an event that was removed does not come back.
 */
final class ParkedEventsTable {
  private final Requests requests;
  private final Statements statements;

  ParkedEventsTable(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  CompletionStage<Void> insert(String name, ParkedRow event) {
    return send(
            "park an event of",
            name,
            Name.INSERT_PARKED,
            name,
            event.instance(),
            event.streamId(),
            event.version(),
            event.generation(),
            event.offset(),
            event.attempts(),
            event.error(),
            event.parkedAt())
        .thenApply(stored -> null);
  }

  /** In the order of streams and versions. */
  CompletionStage<List<ParkedRow>> read(String name, int instance) {
    return send("read the parked events of", name, Name.SELECT_PARKED, name, instance)
        .thenCompose(page -> readOn(name, instance, page, new ArrayList<>()));
  }

  private CompletionStage<List<ParkedRow>> readOn(
      String name, int instance, AsyncResultSet page, List<ParkedRow> found) {
    for (Row row : page.currentPage()) {
      if (isWhole(row)) {
        found.add(parked(instance, row));
      }
    }
    return page.hasMorePages()
        ? requests
            .nextPage(page, "read the parked events of subscription '%s'", name)
            .thenCompose(next -> readOn(name, instance, next, found))
        : completedFuture(found);
  }

  /**
   * A row that was stored at quorum is always read whole. To count rows selects no columns, and may
   * leave replicas with a part of one that was not.
   */
  private static boolean isWhole(Row row) {
    return !row.isNull(3) && !row.isNull(5) && !row.isNull(6);
  }

  private static ParkedRow parked(int instance, Row row) {
    return new ParkedRow(
        instance,
        requireNonNull(row.getString(0), "stream_id"),
        row.getLong(1),
        requireNonNull(row.getUuid(2), "generation"),
        requireNonNull(row.getString(3), "feed_offset"),
        row.getInt(4),
        requireNonNull(row.getString(5), "error"),
        requireNonNull(row.getInstant(6), "parked_at"));
  }

  CompletionStage<Long> count(String name, int instance) {
    return send("count the parked events of", name, Name.COUNT_PARKED, name, instance)
        .thenApply(result -> requireNonNull(result.one(), "count").getLong(0));
  }

  CompletionStage<Void> delete(String name, ParkedRow event) {
    return send(
            "remove a parked event of",
            name,
            Name.DELETE_PARKED,
            name,
            event.instance(),
            event.streamId(),
            event.version(),
            event.generation())
        .thenApply(deleted -> null);
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, String subscription, Name name, Object... values) {
    return requests.send(
        statements.get(name).bind(values), "%s subscription '%s'", operation, subscription);
  }
}
