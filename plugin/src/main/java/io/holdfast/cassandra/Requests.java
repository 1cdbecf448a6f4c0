// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.util.concurrent.CompletionStage;

/** Sends statements, and gives failures the protocol's form. */
final class Requests {
  private final CqlSession session;

  Requests(CqlSession session) {
    this.session = session;
  }

  /**
   * @param operation what the statement does, as the end of "the request to …"
   */
  CompletionStage<AsyncResultSet> send(String operation, Statement<?> statement) {
    return translated(operation, session.executeAsync(statement));
  }

  CompletionStage<AsyncResultSet> nextPage(String operation, AsyncResultSet page) {
    return translated(operation, page.fetchNextPage());
  }

  private static <T> CompletionStage<T> translated(String operation, CompletionStage<T> stage) {
    return stage.exceptionally(
        failure -> {
          throw Failures.translate(operation, failure);
        });
  }
}
