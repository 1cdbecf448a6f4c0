// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.Objects.requireNonNull;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.Statements.Name;
import io.holdfast.fence.RegisteredWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  CompletionStage<UUID> enter(UUID writer, long number, Instant now) {
    return send(
            "register writer " + writer,
            Name.INSERT_WRITER,
            writer,
            address,
            now,
            number / BUCKET_SIZE,
            number)
        .thenApply(
            result ->
                result.wasApplied()
                    ? writer
                    : requireNonNull(entryFound(result), "the writer that is there"));
  }

  /** Of a conditional update that was not applied: whose entry is there, if there is one. */
  private static @Nullable UUID entryFound(AsyncResultSet refused) {
    Row found = requireNonNull(refused.one(), "row");
    return found.getColumnDefinitions().contains("writer_id") ? found.getUuid("writer_id") : null;
  }

  CompletionStage<Boolean> beat(UUID writer, long number, Instant now) {
    return send(
            "write the heartbeat of writer " + number,
            Name.UPDATE_HEARTBEAT,
            now,
            number / BUCKET_SIZE,
            number,
            writer)
        .thenApply(AsyncResultSet::wasApplied);
  }

  CompletionStage<Boolean> retire(UUID writer, long number, long end, Instant now) {
    return send(
            "retire writer " + number,
            Name.RETIRE_WRITER,
            now,
            end,
            number / BUCKET_SIZE,
            number,
            writer)
        .thenApply(result -> result.wasApplied() || writer.equals(entryFound(result)));
  }

  /** The first page from there on, as far as it has no gap. */
  CompletionStage<List<RegisteredWriter>> read(long from) {
    return send("read the list of writers", Name.SELECT_WRITERS, from / BUCKET_SIZE, from)
        .thenApply(
            page -> {
              List<RegisteredWriter> writers = new ArrayList<>();
              for (Row row : page.currentPage()) {
                if (row.getLong(0) != from + writers.size() || !isEntry(row)) {
                  break;
                }
                writers.add(writer(row));
              }
              return writers;
            });
  }

  CompletionStage<Optional<RegisteredWriter>> readOne(long number) {
    return send(
            "read entry " + number + " of the list of writers",
            Name.SELECT_WRITER,
            number / BUCKET_SIZE,
            number)
        .thenApply(
            page ->
                Optional.ofNullable(page.one())
                    .filter(WritersTable::isEntry)
                    .map(WritersTable::writer));
  }

  /**
   * Not a row that has nothing but the heartbeat that an earlier build wrote after the row had been
   * deleted: the list ends before it, and the next writer completes it.
   */
  private static boolean isEntry(Row row) {
    return !row.isNull(1);
  }

  private static RegisteredWriter writer(Row row) {
    Instant started = requireNonNull(row.getInstant(2), "started_at");
    Instant heartbeat = row.getInstant(3);
    return new RegisteredWriter(
        row.getLong(0),
        requireNonNull(row.getUuid(1), "writer_id"),
        // A heartbeat may be left from a former entry.
        heartbeat == null || heartbeat.isBefore(started) ? started : heartbeat,
        row.isNull(4) ? OptionalLong.empty() : OptionalLong.of(row.getLong(4)));
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, Name name, @Nullable Object... values) {
    return requests.send(statements.get(name).bind(values), "%s", operation);
  }
}
