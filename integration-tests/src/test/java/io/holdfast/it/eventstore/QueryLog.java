// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.session.Session;
import com.datastax.oss.driver.internal.core.loadbalancing.DefaultLoadBalancingPolicy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps the text of each prepared statement that the driver runs, and the size of each batch. A
 * load-balancing policy, since that is asked before a request is sent; a request tracker hears of
 * it after the caller has the answer, and would name it among the requests that follow. Public
 * because the driver creates it by name.
 */
public final class QueryLog extends DefaultLoadBalancingPolicy {
  /** The driver setting that has a session's requests kept here. */
  public static final String SETTING =
      "datastax-java-driver.basic.load-balancing-policy.class = \"%s\""
          .formatted(QueryLog.class.getName());

  static final List<String> QUERIES = new CopyOnWriteArrayList<>();

  /** How many statements each batch has. */
  public static final List<Integer> BATCH_SIZES = new CopyOnWriteArrayList<>();

  /**
   * @param context of the driver
   * @param profileName of the driver's execution profile
   */
  public QueryLog(DriverContext context, String profileName) {
    super(context, profileName);
  }

  @Override
  public Queue<Node> newQueryPlan(Request request, Session session) {
    if (request instanceof BoundStatement statement) {
      QUERIES.add(statement.getPreparedStatement().getQuery());
    } else if (request instanceof BatchStatement batch) {
      BATCH_SIZES.add(batch.size());
    }
    return super.newQueryPlan(request, session);
  }
}
