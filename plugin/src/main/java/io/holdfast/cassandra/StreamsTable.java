// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.fence.StreamOwnership;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The table {@code streams}: written by conditional statements only. */
final class StreamsTable {
  private final Requests requests;
  private final Statements statements;

  StreamsTable(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  CompletionStage<Optional<StreamOwnership>> read(String persistenceId) {
    return send("read the owner of", Statements.Name.SELECT_STREAM, persistenceId, persistenceId)
        .thenApply(result -> Optional.ofNullable(result.one()).map(StreamsTable::ownership));
  }

  private static StreamOwnership ownership(Row row) {
    UUID owner = Objects.requireNonNull(row.getUuid(0), "owner");
    return new StreamOwnership(
        owner, row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4));
  }

  CompletionStage<Boolean> create(String persistenceId, UUID owner, long epoch) {
    return send("create", Statements.Name.INSERT_STREAM, persistenceId, persistenceId, owner, epoch)
        .thenApply(AsyncResultSet::wasApplied);
  }

  CompletionStage<Boolean> take(
      String persistenceId, StreamOwnership next, StreamOwnership previous) {
    return send(
            "claim",
            Statements.Name.TAKE_STREAM,
            persistenceId,
            next.owner(),
            next.epoch(),
            next.head(),
            persistenceId,
            previous.epoch(),
            previous.deletedTo(),
            previous.properties())
        .thenApply(AsyncResultSet::wasApplied);
  }

  CompletionStage<Boolean> recordChange(
      String persistenceId, long deletedTo, @Nullable String properties, long expectedEpoch) {
    return send(
            "record a change of",
            Statements.Name.RECORD_CHANGE,
            persistenceId,
            deletedTo,
            properties,
            persistenceId,
            expectedEpoch)
        .thenApply(AsyncResultSet::wasApplied);
  }

  /**
   * @param afterId begins after this id, whether it exists or not; null for the first
   */
  PersistenceIdPages readIds(@Nullable String afterId, int pageSize) {
    BoundStatement select =
        afterId == null
            ? statements.get(Statements.Name.SELECT_IDS).bind()
            : statements.get(Statements.Name.SELECT_IDS_AFTER).bind(afterId);
    return new PersistenceIdPages(requests, select.setPageSize(pageSize));
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, Statements.Name name, String persistenceId, @Nullable Object... values) {
    return requests.send(
        statements.get(name).bind(values), "%s stream '%s'", operation, persistenceId);
  }
}
