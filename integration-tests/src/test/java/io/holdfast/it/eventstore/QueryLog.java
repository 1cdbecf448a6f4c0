// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.tracker.RequestTracker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps the text of each prepared statement that the driver ran. Public because the driver creates
 * it by name.
 */
public final class QueryLog implements RequestTracker {
  static final List<String> QUERIES = new CopyOnWriteArrayList<>();

  /**
   * @param context unused, but the driver passes it
   */
  public QueryLog(DriverContext context) {}

  @Override
  public void onSuccess(
      Request request,
      long latencyNanos,
      DriverExecutionProfile profile,
      Node node,
      String requestLogPrefix) {
    if (request instanceof BoundStatement statement) {
      QUERIES.add(statement.getPreparedStatement().getQuery());
    }
  }

  @Override
  public void close() {}
}
