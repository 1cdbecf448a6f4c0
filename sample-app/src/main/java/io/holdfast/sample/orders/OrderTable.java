// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.internal.core.config.typesafe.DefaultDriverConfigLoader;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.typesafe.config.Config;
import io.holdfast.sample.common.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * The table of the list of orders, beside the event store's own tables. It is created on first use.
 * Each row is written with its version as the timestamp of the write: so the highest version wins,
 * whoever writes last. Thread-safe.
 */
final class OrderTable {
  /** Changes of the schema take long where the machine is busy. */
  private static final Duration SCHEMA_TIMEOUT = Duration.ofSeconds(30);

  private final Config driver;
  private final String name;
  private final String profile;
  private final boolean create;
  private @Nullable CompletableFuture<CqlSession> session;

  OrderTable(ActorSystem<?> system) {
    Config config = system.settings().config();
    this.driver = config.getConfig("datastax-java-driver");
    this.name = config.getString("holdfast.cassandra.keyspace") + ".sample_orders";
    this.profile = config.getString("holdfast.cassandra.driver-profile");
    this.create = config.getBoolean("holdfast.cassandra.schema.create");
    CoordinatedShutdown.get(system.classicSystem())
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "close-order-table",
            this::close);
  }

  CompletionStage<Optional<OrderRow>> get(String orderId) {
    return execute("SELECT order_id, version, updated, state FROM %s WHERE order_id = ?", orderId)
        .thenApply(found -> Optional.ofNullable(found.one()).map(OrderTable::row));
  }

  CompletionStage<Done> put(OrderRow row) {
    return execute(
            "INSERT INTO %s (order_id, version, updated, state) VALUES (?, ?, ?, ?) USING TIMESTAMP ?",
            row.orderId(), row.version(), row.updated(), json(row.state()), row.version())
        .thenApply(written -> Done.getInstance());
  }

  CompletionStage<List<OrderRow>> page(String after, int limit) {
    String columns = "SELECT order_id, version, updated, state FROM %s";
    CompletionStage<AsyncResultSet> found =
        after.isEmpty()
            ? execute(columns + " LIMIT ?", limit)
            : execute(columns + " WHERE token(order_id) > token(?) LIMIT ?", after, limit);
    return found.thenApply(
        page -> {
          List<OrderRow> rows = new ArrayList<>();
          page.currentPage().forEach(row -> rows.add(row(row)));
          return rows;
        });
  }

  private CompletionStage<AsyncResultSet> execute(String cql, Object... values) {
    SimpleStatement statement =
        SimpleStatement.newInstance(cql.formatted(name), values)
            .setExecutionProfileName(profile)
            .setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM)
            .setIdempotent(true);
    return session().thenCompose(open -> open.executeAsync(statement));
  }

  private static OrderRow row(Row row) {
    try {
      return new OrderRow(
          text(row, "order_id"),
          row.getLong("version"),
          Optional.ofNullable(row.getInstant("updated")).orElse(Instant.EPOCH),
          Json.MAPPER.readValue(text(row, "state"), OrderState.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the state of an order cannot be read from its row", e);
    }
  }

  private static String text(Row row, String column) {
    return String.valueOf(row.getString(column));
  }

  private static String json(OrderState state) {
    try {
      return Json.MAPPER.writeValueAsString(state);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the state of an order cannot be written as JSON", e);
    }
  }

  private synchronized CompletionStage<CqlSession> session() {
    CompletableFuture<CqlSession> current = session;
    if (current == null || current.isCompletedExceptionally()) {
      current = open().toCompletableFuture();
      session = current;
    }
    return current;
  }

  private CompletionStage<CqlSession> open() {
    CompletionStage<CqlSession> opening;
    try {
      opening =
          CqlSession.builder()
              .withConfigLoader(new DefaultDriverConfigLoader(() -> driver))
              .buildAsync();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (!create) {
      return opening;
    }
    SimpleStatement table =
        SimpleStatement.newInstance(
                "CREATE TABLE IF NOT EXISTS %s (order_id text PRIMARY KEY, version bigint, updated timestamp, state text)"
                    .formatted(name))
            .setExecutionProfileName(profile)
            .setTimeout(SCHEMA_TIMEOUT);
    return opening.thenCompose(
        open ->
            open.executeAsync(table)
                .handle(
                    (done, failure) -> {
                      if (failure == null) {
                        return CompletableFuture.completedFuture(open);
                      }
                      open.closeAsync();
                      return CompletableFuture.<CqlSession>failedFuture(failure);
                    })
                .thenCompose(stage -> stage));
  }

  private synchronized CompletionStage<Done> close() {
    CompletableFuture<CqlSession> current = session;
    if (current == null || !current.isDone() || current.isCompletedExceptionally()) {
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    return current
        .thenCompose(CqlSession::closeAsync)
        .handle((done, failure) -> Done.getInstance());
  }
}
