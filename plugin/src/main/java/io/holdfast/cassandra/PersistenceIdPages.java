// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The ids of all streams, in the order of their tokens, page by page. While one page is used the
 * next is on its way. Not thread-safe: call {@link #next} again when its stage is complete, not
 * before.
 */
public final class PersistenceIdPages {
  private static final String OPERATION = "list the streams";

  /**
   * An id and its place in the order.
   *
   * @param token where Cassandra's partitioner puts it; two ids may have the same, in theory
   */
  public record Entry(String persistenceId, long token) {}

  private final Requests requests;
  private @Nullable CompletionStage<AsyncResultSet> ahead;

  PersistenceIdPages(Requests requests, BoundStatement select) {
    this.requests = requests;
    this.ahead = requests.send(select, OPERATION);
  }

  /**
   * The next ids, never none; or an empty optional at the end. Fails with a {@link
   * io.holdfast.fence.FenceException}.
   */
  public CompletionStage<Optional<List<Entry>>> next() {
    CompletionStage<AsyncResultSet> current = ahead;
    return current == null ? completedFuture(Optional.empty()) : current.thenCompose(this::take);
  }

  private CompletionStage<Optional<List<Entry>>> take(AsyncResultSet page) {
    List<Entry> entries = new ArrayList<>(page.remaining());
    for (Row row : page.currentPage()) {
      entries.add(new Entry(ObjectColumns.text(row, 0), row.getLong(1)));
    }
    ahead = page.hasMorePages() ? requests.nextPage(page, OPERATION) : null;
    return entries.isEmpty() ? next() : completedFuture(Optional.of(entries));
  }
}
