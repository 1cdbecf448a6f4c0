// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import com.datastax.oss.driver.internal.core.specex.NoSpeculativeExecutionPolicy;
import io.holdfast.cassandra.Failures.Sent;
import io.holdfast.fence.FenceException;
import io.holdfast.fence.FenceException.Effect;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Sends statements, and gives failures the protocol's form. */
@SuppressWarnings("AnnotateFormatMethod") // for a library that says so and nothing else
final class Requests {
  private final CqlSession session;
  private final CqlIdentifier keyspace;

  /** Whether the driver may send a statement that is idempotent to a second node meanwhile. */
  private final boolean speculates;

  Requests(CqlSession session, CassandraSettings settings) {
    this.session = session;
    this.keyspace = CqlIdentifier.fromInternal(settings.keyspace());
    this.speculates =
        !(session.getContext().getSpeculativeExecutionPolicy(settings.driverProfile())
            instanceof NoSpeculativeExecutionPolicy);
  }

  /** The nodes that hold what the statement touches; empty if the driver does not know them. */
  Set<Node> replicas(BoundStatement statement) {
    ByteBuffer key = statement.getRoutingKey();
    Optional<TokenMap> tokens = session.getMetadata().getTokenMap();
    return key == null || tokens.isEmpty() ? Set.of() : tokens.get().getReplicas(keyspace, key);
  }

  /**
   * Sends a statement.
   *
   * @param operation what it does, as the end of "the request to …", a format of the arguments
   */
  CompletionStage<AsyncResultSet> send(
      Statement<?> statement, String operation, Object... arguments) {
    return send(statement, () -> operation.formatted(arguments));
  }

  CompletionStage<AsyncResultSet> send(Statement<?> statement, Supplier<String> operation) {
    Sent sent = sent(statement, false);
    CompletionStage<AsyncResultSet> answer = translated(execute(statement), operation, sent);
    return sent.conditional() ? answer.thenApply(result -> certain(result, operation)) : answer;
  }

  /**
   * Sends a statement that touches several partitions, which Cassandra takes one after the other:
   * that there were too few replicas for one of them says nothing of the others.
   */
  CompletionStage<AsyncResultSet> sendToPartitions(
      Statement<?> statement, Supplier<String> operation) {
    return translated(execute(statement), operation, sent(statement, true));
  }

  /** The conditional statements are those that must not be repeated. */
  private Sent sent(Statement<?> statement, boolean partitions) {
    boolean conditional = Boolean.FALSE.equals(statement.isIdempotent());
    return new Sent(partitions, conditional, speculates && !conditional);
  }

  /**
   * The driver sends a conditional write again, to another node, where the first one had too few
   * replicas; if it was agreed on all the same, the second finds its condition broken.
   */
  private static AsyncResultSet certain(AsyncResultSet result, Supplier<String> operation) {
    if (!result.wasApplied() && Failures.mayBeOfEarlierAttempt(result.getExecutionInfo())) {
      throw new FenceException(
          "Cassandra did not apply the request to %s, which an earlier attempt of it may have done: %s"
              .formatted(operation.get(), result.getExecutionInfo().getErrors()),
          Effect.UNKNOWN);
    }
    return result;
  }

  /** Of what the driver throws nobody knows whether it was sent. */
  private CompletionStage<AsyncResultSet> execute(Statement<?> statement) {
    try {
      return session.executeAsync(statement);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  CompletionStage<AsyncResultSet> nextPage(
      AsyncResultSet page, String operation, Object... arguments) {
    return translated(page.fetchNextPage(), () -> operation.formatted(arguments), Sent.PLAIN);
  }

  private static <T> CompletionStage<T> translated(
      CompletionStage<T> stage, Supplier<String> operation, Sent sent) {
    return stage.exceptionally(
        failure -> {
          throw Failures.translate(operation.get(), failure, sent);
        });
  }
}
