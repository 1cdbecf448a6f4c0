// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.holdfast.fence.FenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends the statements of a start, at the consistency of all others. */
final class SetupRequests {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final CqlSession session;
  private final CassandraSettings settings;

  SetupRequests(CqlSession session, CassandraSettings settings) {
    this.session = session;
    this.settings = settings;
  }

  /** Fails with an {@link IllegalStateException} where no repetition would help. */
  CompletionStage<AsyncResultSet> execute(String cql) {
    return session
        .executeAsync(
            SimpleStatement.newInstance(cql)
                .setExecutionProfileName(settings.driverProfile())
                .setConsistencyLevel(settings.consistency().level)
                .setSerialConsistencyLevel(settings.consistency().serial)
                .setTimeout(TIMEOUT))
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(explained(cql, failure)));
  }

  private static Throwable explained(String cql, Throwable failure) {
    Throwable cause = FenceException.causeOf(failure);
    if (cause instanceof UnauthorizedException) {
      return new IllegalStateException(
          "the role that Holdfast uses may not run '%s': %s. Run it as a role that may, or give this one the permission"
              .formatted(cql, cause.getMessage()),
          cause);
    } else if (cause instanceof InvalidConfigurationInQueryException) {
      return new IllegalStateException(
          "it refuses '%s': %s".formatted(cql, cause.getMessage()), cause);
    }
    return cause;
  }

  /** The rows of all pages. */
  CompletionStage<List<Row>> rows(String cql) {
    return execute(cql).thenCompose(page -> rows(new ArrayList<>(), page));
  }

  private static CompletionStage<List<Row>> rows(List<Row> before, AsyncResultSet page) {
    page.currentPage().forEach(before::add);
    return page.hasMorePages()
        ? page.fetchNextPage().thenCompose(next -> rows(before, next))
        : completedFuture(before);
  }
}
