// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.ReadBudget.Holder;
import io.holdfast.cassandra.ReadBudget.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A range of one stream's rows, page by page, across its partitions. A sequence number of the range
 * that has no row, and that no deletion explains, is a failure: nothing is passed over. Not
 * thread-safe: call {@link #next} again when its stage is complete, not before; but {@link #close}
 * at any time, in any case.
 *
 * <p>Cassandra counts a page in rows and does not tell their sizes before. So while a page is on
 * its way, each of its rows is counted as the largest that may come, or half of that where the rows
 * read lately were small, and the node's {@link ReadBudget} has room for that. What arrives is held
 * up to {@link #PAGE_BYTES}, or one row; the rest is dropped and read again when its turn comes. A
 * page is held until the next one is asked for. That is on its way before only if the one before
 * was used at once, and half of the budget is free.
 */
public final class EventPages implements AutoCloseable {
  /** What a page has, about. */
  static final int PAGE_BYTES = 2 << 20;

  private static final int MAX_PAGE_ROWS = 1_000;

  /** What a row takes in memory beside its bytes. */
  private static final int ROW_OVERHEAD = 512;

  /** What has arrived counts as it came, and as what is made of it. */
  private static final int COPIES = 2;

  /** A reader that uses a page within this time is fast. */
  private static final long FAST_NANOS = Duration.ofMillis(100).toNanos();

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
  public record Range(long from, long to, long limit, int maxPageRows, boolean reverse) {
    /** All of it, forwards. */
    static Range of(EventRanges.StreamRange range) {
      return new Range(range.from(), range.to(), Long.MAX_VALUE, MAX_PAGE_ROWS, false);
    }
  }

  /**
   * What becomes of the pages.
   *
   * @param collectedBytes the most bytes that the reader keeps of pages before; 0 if it keeps none
   * @param timeout how long to wait for room to read; {@code null} for the usual time
   */
  public record Use(Holder holder, long collectedBytes, @Nullable Duration timeout) {
    /** By whoever runs a source, one page after the other. */
    public static Use byConsumer() {
      return new Use(Holder.CONSUMER, 0, null);
    }

    /** By whoever runs a source that does not end: it waits as long as it takes. */
    public static Use bySubscriber() {
      return new Use(Holder.CONSUMER, 0, Duration.ofDays(1));
    }

    /** By this node, one page after the other. */
    public static Use byNode() {
      return new Use(Holder.NODE, 0, null);
    }

    /** By this node, which waits for so long. */
    public static Use byNode(Duration timeout) {
      return new Use(Holder.NODE, 0, timeout);
    }

    /** Kept together, up to so many bytes. */
    public static Use collected(long bytes) {
      return new Use(Holder.NODE, bytes, null);
    }
  }

  /** Sequence numbers that have no row, both inclusive. */
  private record Gap(long first, long last) {}

  private record Arrived(AsyncResultSet page, List<Row> rows, long reserved) {
    static Arrived of(AsyncResultSet page, long reserved) {
      List<Row> rows = new ArrayList<>(page.remaining());
      page.currentPage().forEach(rows::add);
      return new Arrived(page, rows, reserved);
    }
  }

  private final EventsTable.Reading table;
  private final PreparedStatement select;
  private final String persistenceId;
  private final Range range;
  private final Use use;
  private final Supplier<CompletionStage<Long>> deletedTo;
  private final String operation;
  private final Share share;

  /** The sequence number of the next row, if none is missing. */
  private long expected;

  /** The next partition to open. */
  private long partitionNr;

  /** Rows still to be delivered. */
  private long remaining;

  /** The largest row of the page before, or half of what it was then. */
  private int rowBytes;

  /** What the page in use holds; of a collected range, all that was reserved. */
  private long held;

  /** What was collected. */
  private long collected;

  private long deliveredAt = System.nanoTime() - FAST_NANOS;
  private boolean isFast;

  /** What to ask for next; {@code null} at the end. */
  private @Nullable BoundStatement following;

  private @Nullable CompletionStage<Arrived> ahead;

  EventPages(
      EventsTable.Reading table,
      PreparedStatement select,
      String persistenceId,
      Range range,
      Use use,
      Supplier<CompletionStage<Long>> deletedTo) {
    this.table = table;
    this.select = select;
    this.persistenceId = persistenceId;
    this.range = range;
    this.use = use;
    this.deletedTo = deletedTo;
    this.operation = "read events of stream '" + persistenceId + "'";
    this.share = table.budget().open(use.holder(), use.timeout(), operation);
    this.expected = range.reverse() ? range.to() : range.from();
    this.partitionNr =
        range.reverse()
            ? table.partitions().highestOf(range.to())
            : table.partitions().lowestOf(range.from());
    this.remaining = range.limit();
    this.following = range.to() < range.from() ? null : openPartition();
  }

  /**
   * The next rows in order, never empty; or an empty optional at the end. The page before is not
   * used any more. Fails with a {@link io.holdfast.fence.FenceException}.
   */
  public CompletionStage<Optional<List<EventRow>>> next() {
    isFast = isFast(deliveredAt);
    CompletionStage<Arrived> arriving = ahead;
    ahead = null;
    if (use.collectedBytes() == 0) {
      share.giveBack(held);
      held = 0;
    }
    if (arriving == null) {
      BoundStatement statement = following;
      if (statement == null) {
        return completedFuture(Optional.empty());
      }
      arriving = reserve().thenCompose(reserved -> send(statement, reserved));
    }
    return arriving.thenCompose(this::take);
  }

  /**
   * The next rows as soon as there is room, beside those before, which are held until this is
   * closed. There may be none although {@link #hasNext} says that there are more. Not to be mixed
   * with {@link #next}.
   */
  CompletionStage<List<EventRow>> more() {
    BoundStatement statement = following;
    if (statement == null) {
      return completedFuture(List.of());
    }
    // What arrives takes no more than that, so that those that have begun find room to go on.
    long least = COPIES * countedRow();
    long most = Math.min(COPIES * wantedRows() * countedRow(), table.budget().maxBytes() / 4);
    return share
        .acquire(least, Math.max(least, most))
        .thenCompose(
            reserved -> send(statement, reserved, reserved / least).thenCompose(this::rows));
  }

  /** As {@link #more}, but empty if there is no room now. */
  Optional<CompletionStage<List<EventRow>>> tryMore() {
    BoundStatement statement = following;
    if (statement == null) {
      return Optional.of(completedFuture(List.of()));
    }
    long row = countedRow();
    long most = Math.min(wantedRows() * row, table.budget().maxBytes() / 4);
    long reserved = share.tryAcquire(row, Math.max(row, most));
    return reserved == 0
        ? Optional.empty()
        : Optional.of(send(statement, reserved).thenCompose(this::rows));
  }

  /** Up to where all that there is has been delivered, forwards. */
  long readTo() {
    return expected - 1;
  }

  /**
   * Whether a page was used at once that was delivered at a time, and the next one may be read
   * ahead.
   *
   * @param deliveredAt by {@link System#nanoTime}
   */
  public static boolean isFast(long deliveredAt) {
    return System.nanoTime() - deliveredAt < FAST_NANOS;
  }

  /** Whether there may be a page after the one that was delivered last. */
  public boolean hasNext() {
    return following != null || ahead != null;
  }

  /** The pages are not used any more. */
  @Override
  public void close() {
    share.close();
  }

  /** The bytes that rows count as when they have been read. */
  static long heldBytes(List<EventRow> rows) {
    return rows.stream().mapToLong(row -> COPIES * ((long) row.sizeInBytes() + ROW_OVERHEAD)).sum();
  }

  /** What a row counts as, before it is read. */
  private long countedRow() {
    return table.firstPage().countedRow(table.largestRow(), rowBytes);
  }

  /** How many rows to ask for, if there is room; at least 1. */
  private long wantedRows() {
    int fitting = rowBytes == 0 ? table.firstPage().rows() : PAGE_BYTES / rowBytes;
    return Math.max(1, Math.min(Math.min(fitting, range.maxPageRows()), rowsLeft()));
  }

  private long rowsLeft() {
    long left = range.reverse() ? expected - range.from() + 1 : range.to() - expected + 1;
    return Math.min(left, remaining);
  }

  /** Completes with what the next page may take. */
  private CompletionStage<Long> reserve() {
    long all = table.budget().maxBytes();
    long row = countedRow();
    long wanted = wantedRows() * row;
    if (use.collectedBytes() > 0) {
      return reserveCollected(wanted, row);
    }
    boolean isFirst = rowBytes == 0;
    // A short stream should come in one page; a long one takes what there is.
    long most = Math.min(wanted, isFirst ? all / 4 : all / 2);
    // Consumers keep what they get. If few begin at a time, those that have begun get on.
    boolean isWhole = isFirst && use.holder() == Holder.CONSUMER;
    long least = isWhole ? most : Math.min(most, all / 16);
    return share.acquire(Math.max(row, least), Math.max(row, most));
  }

  /** Waits once, with nothing in hand, so that no two such reads wait for each other. */
  private CompletionStage<Long> reserveCollected(long wanted, long row) {
    if (held > 0) {
      long left = Math.max(row, held - collected);
      long more = left < wanted ? share.tryAcquire(row, wanted - left) : 0;
      held += more;
      return completedFuture(left + more);
    }
    long first = Math.max(row, Math.min(wanted, table.budget().maxBytes() / 4));
    long rest = rowsLeft() * row;
    long needed =
        first >= rest
            ? first
            : Math.max(first, COPIES * Math.min(use.collectedBytes(), rest) + row);
    return share
        .acquire(needed, needed)
        .thenApply(
            granted -> {
              held = granted;
              return first;
            });
  }

  private CompletionStage<Arrived> send(BoundStatement statement, long reserved) {
    return send(statement, reserved, reserved / countedRow());
  }

  private CompletionStage<Arrived> send(BoundStatement statement, long reserved, long fitting) {
    long rows = Math.max(1, Math.min(wantedRows(), fitting));
    return share
        .whileUnderWay(
            reserved,
            () -> table.requests().send(statement.setPageSize((int) rows), "%s", operation))
        .thenApply(page -> Arrived.of(page, reserved));
  }

  /** Holds what has come in place of what was reserved, while nobody asks for it. */
  private Arrived count(Arrived arrived) {
    long bytes = 0;
    for (Row row : arrived.rows()) {
      bytes += EventRows.sizeOf(row) + ROW_OVERHEAD;
    }
    share.correct(arrived.reserved(), COPIES * bytes);
    return new Arrived(arrived.page(), arrived.rows(), COPIES * bytes);
  }

  private CompletionStage<Optional<List<EventRow>>> take(Arrived arrived) {
    return rows(arrived).thenCompose(rows -> rows.isEmpty() ? next() : deliver(rows));
  }

  private CompletionStage<List<EventRow>> rows(Arrived arrived) {
    AsyncResultSet page = arrived.page();
    List<EventRow> rows = new ArrayList<>(arrived.rows().size());
    List<Gap> gaps = new ArrayList<>();
    long bytes = 0;
    int largest = 0;
    boolean isCut = false;
    for (Row row : arrived.rows()) {
      int size = EventRows.sizeOf(row);
      if (bytes > 0 && bytes + size > PAGE_BYTES && use.collectedBytes() == 0) {
        isCut = true;
        largest = Math.max(largest, size);
        break;
      }
      long sequenceNr = row.getLong(0);
      passTo(sequenceNr, gaps);
      EventRows.read(persistenceId, row).ifPresent(rows::add);
      expected = range.reverse() ? sequenceNr - 1 : sequenceNr + 1;
      largest = Math.max(largest, size);
      bytes += size;
    }
    if (largest > 0) {
      rowBytes = Math.max(largest, rowBytes / 2);
      table.firstPage().saw(largest);
    }
    hold(arrived.reserved(), COPIES * (bytes + (long) rows.size() * ROW_OVERHEAD));
    remaining -= rows.size();
    following =
        remaining <= 0
            ? null
            : isCut ? reopenPartition() : hasMorePages(page) ? nextPage(page) : openPartition();
    if (following == null && remaining > 0) {
      passTo(range.reverse() ? range.from() - 1 : range.to() + 1, gaps);
    }
    readAhead();
    CompletionStage<Void> explained = gaps.isEmpty() ? completedFuture(null) : explain(gaps);
    return explained.thenApply(done -> rows);
  }

  private CompletionStage<Optional<List<EventRow>>> deliver(List<EventRow> rows) {
    deliveredAt = System.nanoTime();
    return completedFuture(Optional.of(rows));
  }

  private void hold(long reserved, long arrived) {
    if (use.collectedBytes() == 0) {
      share.correct(reserved, arrived);
      held = arrived;
    } else {
      collected += arrived;
    }
  }

  private void readAhead() {
    BoundStatement statement = following;
    if (statement == null || !isFast || use.collectedBytes() > 0) {
      return;
    }
    long row = countedRow();
    long wanted = wantedRows() * row;
    long reserved = share.tryAcquire(Math.min(wanted, 16 * row), wanted);
    if (reserved > 0) {
      following = null;
      ahead = send(statement, reserved).thenApply(this::count);
    }
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

  /** A page that ends where the range does may say that there is another one. */
  private boolean hasMorePages(AsyncResultSet page) {
    return page.hasMorePages() && expected >= range.from() && expected <= range.to();
  }

  private BoundStatement nextPage(AsyncResultSet page) {
    BoundStatement previous = (BoundStatement) page.getExecutionInfo().getRequest();
    return previous.setPagingState(page.getExecutionInfo().getPagingState());
  }

  private @Nullable BoundStatement openPartition() {
    boolean past =
        range.reverse()
            ? partitionNr < table.partitions().lowestOf(range.from())
            : partitionNr > table.partitions().highestOf(range.to());
    if (past) {
      return null;
    }
    BoundStatement opened = select.bind(persistenceId, partitionNr, range.from(), range.to());
    partitionNr += range.reverse() ? -1 : 1;
    return opened;
  }

  /** Goes on in the same partition where a page was cut. */
  private BoundStatement reopenPartition() {
    long opened = partitionNr - (range.reverse() ? -1 : 1);
    return range.reverse()
        ? select.bind(persistenceId, opened, range.from(), expected)
        : select.bind(persistenceId, opened, expected, range.to());
  }
}
