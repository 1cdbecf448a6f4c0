// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.cassandra.Statements.Name;
import io.holdfast.fence.Revocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The table {@code revocations}: a partition for each writer, almost always empty. */
final class RevocationsTable {
  private static final int TTL_SECONDS = Math.toIntExact(Revocation.RETENTION.toSeconds());

  private final Requests requests;
  private final Statements statements;

  RevocationsTable(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  CompletionStage<Void> revoke(UUID owner, Map<String, Long> streams) {
    return send(
            "revoke streams of",
            Name.INSERT_REVOCATION,
            owner,
            Uuids.timeBased(),
            streams,
            TTL_SECONDS)
        .thenApply(stored -> null);
  }

  CompletionStage<List<Revocation>> read(UUID writer) {
    return send("read the revocations of", Name.SELECT_REVOCATIONS, writer)
        .thenCompose(page -> readAll(writer, page, List.of()));
  }

  private CompletionStage<List<Revocation>> readAll(
      UUID writer, AsyncResultSet page, List<Revocation> before) {
    if (page.remaining() == 0 && !page.hasMorePages()) {
      return completedFuture(before);
    }
    List<Revocation> all = new ArrayList<>(before);
    page.currentPage().forEach(row -> all.add(revocation(row)));
    return page.hasMorePages()
        ? requests
            .nextPage(page, "read the revocations of writer %s", writer)
            .thenCompose(next -> readAll(writer, next, all))
        : completedFuture(all);
  }

  private static Revocation revocation(Row row) {
    UUID id = requireNonNull(row.getUuid(0), "revocation_id");
    return new Revocation(id, requireNonNull(row.getMap(1, String.class, Long.class), "streams"));
  }

  CompletionStage<Void> delete(UUID writer, UUID revocation) {
    return send("delete a revocation of", Name.DELETE_REVOCATION, writer, revocation)
        .thenApply(deleted -> null);
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, Name name, UUID writer, Object... others) {
    Object[] values = new Object[others.length + 1];
    values[0] = writer;
    System.arraycopy(others, 0, values, 1, others.length);
    return requests.send(statements.get(name).bind(values), "%s writer %s", operation, writer);
  }
}
