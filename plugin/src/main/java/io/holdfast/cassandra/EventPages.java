// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A range of one stream's rows, page by page, across its partitions. While one page is used the
 * next is on its way; no more than these two are in memory, and their length adapts to the size of
 * the rows. A sequence number of the range that has no row, and that no deletion explains, is a
 * failure: nothing is passed over. Not thread-safe: call {@link #next} again when its stage is
 * complete, not before.
 */
public final class EventPages {
  /** What a page should have, about. The first one is shorter; see {@link FirstPage}. */
  private static final int PAGE_BYTES = 2 << 20;

  /**
   * Which rows to read. The range must end at or below the stream's highest sequence number, since
   * every partition up to its end is looked at.
   *
   * @param from the lowest sequence number, inclusive, from 1
   * @param to the highest sequence number, inclusive
   * @param limit the most rows that will be used, from 1; no page is requested beyond
   * @param maxPageRows the most rows to a page, from 1
   * @param reverse whether the highest comes first
   */
  public record Range(long from, long to, long limit, int maxPageRows, boolean reverse) {}

  /** Sequence numbers that have no row, both inclusive. */
  private record Gap(long first, long last) {}

  private final Requests requests;
  private final PreparedStatement select;
  private final Partitions partitions;
  private final String persistenceId;
  private final Range range;
  private final FirstPage firstPage;
  private final Supplier<CompletionStage<Long>> deletedTo;
  private final String operation;

  /** The sequence number of the next row, if none is missing. */
  private long expected;

  /** The next partition to open. */
  private long partitionNr;

  /** Rows still to be delivered. */
  private long remaining;

  private int pageRows;
  private @Nullable CompletionStage<AsyncResultSet> ahead;

  EventPages(
      Requests requests,
      PreparedStatement select,
      Partitions partitions,
      String persistenceId,
      Range range,
      FirstPage firstPage,
      Supplier<CompletionStage<Long>> deletedTo) {
    this.requests = requests;
    this.select = select;
    this.partitions = partitions;
    this.persistenceId = persistenceId;
    this.range = range;
    this.firstPage = firstPage;
    this.deletedTo = deletedTo;
    this.expected = range.reverse() ? range.to() : range.from();
    this.operation = "read events of stream '" + persistenceId + "'";
    this.partitionNr =
        range.reverse() ? partitions.highestOf(range.to()) : partitions.lowestOf(range.from());
    this.remaining = range.limit();
    this.pageRows = firstPage.rows();
    this.ahead = range.to() < range.from() ? null : openPartition();
  }

  /**
   * The next rows in order, never empty; or an empty optional at the end. Fails with a {@link
   * io.holdfast.fence.FenceException}.
   */
  public CompletionStage<Optional<List<EventRow>>> next() {
    CompletionStage<AsyncResultSet> current = ahead;
    return current == null ? completedFuture(Optional.empty()) : current.thenCompose(this::take);
  }

  private CompletionStage<Optional<List<EventRow>>> take(AsyncResultSet page) {
    int responseBytes = page.getExecutionInfo().getResponseSizeInBytes();
    if (page.remaining() > 0 && responseBytes > 0) {
      int rowBytes = 1 + responseBytes / page.remaining();
      firstPage.saw(rowBytes);
      pageRows = PAGE_BYTES / rowBytes;
    }
    List<EventRow> rows = new ArrayList<>(page.remaining());
    List<Gap> gaps = new ArrayList<>();
    for (Row row : page.currentPage()) {
      long sequenceNr = row.getLong(0);
      passTo(sequenceNr, gaps);
      EventRows.read(persistenceId, row).ifPresent(rows::add);
      expected = range.reverse() ? sequenceNr - 1 : sequenceNr + 1;
    }
    remaining -= rows.size();
    ahead = remaining <= 0 ? null : page.hasMorePages() ? nextPage(page) : openPartition();
    if (ahead == null && remaining > 0) {
      passTo(range.reverse() ? range.from() - 1 : range.to() + 1, gaps);
    }
    CompletionStage<Void> explained = gaps.isEmpty() ? completedFuture(null) : explain(gaps);
    return explained.thenCompose(
        done -> rows.isEmpty() ? next() : completedFuture(Optional.of(rows)));
  }

  /** Notes the sequence numbers that are missing before the next row. */
  private void passTo(long sequenceNr, List<Gap> gaps) {
    long missing = range.reverse() ? expected - sequenceNr : sequenceNr - expected;
    if (missing < 0) {
      throw Damage.twice(persistenceId, sequenceNr);
    }
    if (missing > 0) {
      gaps.add(
          range.reverse() ? new Gap(sequenceNr + 1, expected) : new Gap(expected, sequenceNr - 1));
    }
  }

  /** Events may be deleted while they are read. */
  private CompletionStage<Void> explain(List<Gap> gaps) {
    return deletedTo
        .get()
        .thenAccept(
            to -> {
              for (Gap gap : gaps) {
                if (gap.last() > to) {
                  throw Damage.gap(persistenceId, Math.max(gap.first(), to + 1), gap.last());
                }
              }
            });
  }

  private CompletionStage<AsyncResultSet> nextPage(AsyncResultSet page) {
    BoundStatement previous = (BoundStatement) page.getExecutionInfo().getRequest();
    return send(previous.setPagingState(page.getExecutionInfo().getPagingState()));
  }

  private @Nullable CompletionStage<AsyncResultSet> openPartition() {
    boolean past =
        range.reverse()
            ? partitionNr < partitions.lowestOf(range.from())
            : partitionNr > partitions.highestOf(range.to());
    if (past) {
      return null;
    }
    CompletionStage<AsyncResultSet> opened =
        send(select.bind(persistenceId, partitionNr, range.from(), range.to()));
    partitionNr += range.reverse() ? -1 : 1;
    return opened;
  }

  private CompletionStage<AsyncResultSet> send(BoundStatement statement) {
    long rows = Math.min(Math.min(pageRows, range.maxPageRows()), remaining);
    return requests.send(statement.setPageSize((int) Math.max(1, rows)), "%s", operation);
  }
}
