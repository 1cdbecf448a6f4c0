// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.Statements.Name;
import io.holdfast.fence.RegisteredWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code writers}: a list that only grows. Each writer appends itself with a conditional
 * insert, so that the numbers have no gaps and no two writers the same one.
 */
final class WritersTable {
  static final long BUCKET_SIZE = 10_000;

  private final Requests requests;
  private final Statements statements;
  private final String address;

  /**
   * @param address of this actor system, for people
   */
  WritersTable(Requests requests, Statements statements, String address) {
    this.requests = requests;
    this.statements = statements;
    this.address = address;
  }

  CompletionStage<Long> register(UUID writer, Instant now) {
    return register(writer, now, RegisteredWriter.FIRST_NUMBER);
  }

  /** Looks for the end of the list, and for the writer on the way there. */
  private CompletionStage<Long> register(UUID writer, Instant now, long from) {
    return read(from)
        .thenCompose(
            writers -> {
              for (RegisteredWriter other : writers) {
                if (other.id().equals(writer)) {
                  return completedFuture(other.number());
                }
              }
              return writers.isEmpty()
                  ? insert(writer, now, from)
                  : register(writer, now, from + writers.size());
            });
  }

  private CompletionStage<Long> insert(UUID writer, Instant now, long number) {
    return send(
            "register writer " + writer,
            Name.INSERT_WRITER,
            number / BUCKET_SIZE,
            number,
            writer,
            address,
            now)
        .thenCompose(
            result -> {
              Row other = result.wasApplied() ? null : result.one();
              return other == null || writer.equals(other.getUuid("writer_id"))
                  ? completedFuture(number)
                  : insert(writer, now, number + 1);
            });
  }

  CompletionStage<Void> beat(long number, Instant now) {
    return send(
            "write the heartbeat of writer " + number,
            Name.UPDATE_HEARTBEAT,
            now,
            number / BUCKET_SIZE,
            number)
        .thenApply(written -> null);
  }

  CompletionStage<Void> retire(long number, long end, Instant now) {
    return send(
            "retire writer " + number, Name.RETIRE_WRITER, now, end, number / BUCKET_SIZE, number)
        .thenApply(written -> null);
  }

  /** The first page from there on, as far as it has no gap. */
  CompletionStage<List<RegisteredWriter>> read(long from) {
    return send("read the list of writers", Name.SELECT_WRITERS, from / BUCKET_SIZE, from)
        .thenApply(
            page -> {
              List<RegisteredWriter> writers = new ArrayList<>();
              for (Row row : page.currentPage()) {
                if (row.getLong(0) != from + writers.size()) {
                  break;
                }
                writers.add(writer(row));
              }
              return writers;
            });
  }

  private static RegisteredWriter writer(Row row) {
    Instant heartbeat = row.getInstant(3);
    return new RegisteredWriter(
        row.getLong(0),
        requireNonNull(row.getUuid(1), "writer_id"),
        heartbeat == null ? requireNonNull(row.getInstant(2), "started_at") : heartbeat,
        row.isNull(4) ? OptionalLong.empty() : OptionalLong.of(row.getLong(4)));
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, Name name, @Nullable Object... values) {
    return requests.send(statements.get(name).bind(values), "%s", operation);
  }
}
