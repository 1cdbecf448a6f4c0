// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventPages;
import io.holdfast.cassandra.EventPages.Use;
import io.holdfast.cassandra.EventRow;
import io.holdfast.fence.Settled;
import io.holdfast.fence.SettledReads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * One stream's events, without its actor, and only those that are settled: whatever is emitted
 * stays in the stream's history. Thread-safe; each run of a source reads anew.
 */
final class SettledEvents {
  /** The pause before a stream that is being claimed is looked at again. */
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

  private final ActorSystem system;
  private final CassandraStorage storage;
  private final SettledReads reads;
  private final QuerySettings settings;

  SettledEvents(ActorSystem system, CassandraStorage storage, QuerySettings settings) {
    this.system = system;
    this.storage = storage;
    this.reads = new SettledReads(storage);
    this.settings = settings;
  }

  /** The events from {@code from} to {@code to} that were acknowledged before the source runs. */
  Source<EventRow, NotUsed> current(String persistenceId, long from, long to) {
    return PageSource.of(
        () ->
            settle(persistenceId, to)
                .thenCompose(
                    settled ->
                        open(persistenceId, Span.of(from, to, settled), Use.byConsumer())
                            .thenApply(pages -> new Settling(persistenceId, settled, to, pages))),
        Settling::next,
        settling -> settling.pages().close());
  }

  /** What is settled, and then the failure if there is more. */
  private final class Settling {
    private final String persistenceId;
    private final Settled settled;
    private final long to;
    private final EventPages pages;

    Settling(String persistenceId, Settled settled, long to, EventPages pages) {
      this.persistenceId = persistenceId;
      this.settled = settled;
      this.to = to;
      this.pages = pages;
    }

    EventPages pages() {
      return pages;
    }

    CompletionStage<Optional<List<EventRow>>> next() {
      return pages
          .next()
          .thenApply(
              page -> {
                if (page.isEmpty() && !isEnough(settled, to)) {
                  throw unsettled(persistenceId, settled);
                }
                return page;
              });
    }
  }

  /**
   * The events up to {@code to}, those to come included.
   *
   * @param from asked for the first one when the source runs
   */
  Source<EventRow, NotUsed> live(
      String persistenceId, Supplier<CompletionStage<Long>> from, long to) {
    return PageSource.of(
        () -> from.get().thenApply(first -> new Live(persistenceId, Math.max(1, first), to)),
        Live::next,
        Live::close);
  }

  /**
   * The spans that are settled, one after the other, in one source: a source of sources would hold
   * an event more for each of them, beside the page.
   */
  private final class Live {
    private final String persistenceId;
    private final long to;
    private long next;
    private @Nullable EventPages open;
    private boolean closed;

    Live(String persistenceId, long next, long to) {
      this.persistenceId = persistenceId;
      this.next = next;
      this.to = to;
    }

    /** A page, which has nothing where a span ends or nothing new was found. */
    CompletionStage<Optional<List<EventRow>>> next() {
      EventPages pages = opened();
      if (pages != null) {
        return pages.next().thenApply(page -> Optional.of(page.orElseGet(this::closeSpan)));
      }
      return next > to
          ? completedFuture(Optional.empty())
          : poll(persistenceId, next).thenCompose(this::openSpan);
    }

    private CompletionStage<Optional<List<EventRow>>> openSpan(Settled settled) {
      Span span = Span.of(next, to, settled);
      next = Math.max(next, Math.min(to, settled.sequenceNr()) + 1);
      return span.isEmpty()
          ? completedFuture(Optional.of(List.of()))
          : open(persistenceId, span, Use.bySubscriber())
              .thenCompose(
                  pages -> {
                    set(pages);
                    return pages.next().thenApply(page -> Optional.of(page.orElse(List.of())));
                  });
    }

    private synchronized @Nullable EventPages opened() {
      return open;
    }

    private synchronized void set(EventPages pages) {
      open = pages;
      if (closed) {
        pages.close();
      }
    }

    private synchronized List<EventRow> closeSpan() {
      EventPages pages = open;
      if (pages != null) {
        pages.close();
      }
      open = null;
      return List.of();
    }

    synchronized void close() {
      closed = true;
      closeSpan();
    }
  }

  /** One event; empty if it is deleted, was rejected, or is not stored yet. */
  CompletionStage<Optional<EventRow>> find(String persistenceId, long sequenceNr) {
    return settle(persistenceId, sequenceNr)
        .thenCompose(
            settled -> {
              if (!isEnough(settled, sequenceNr)) {
                throw unsettled(persistenceId, settled);
              }
              return open(persistenceId, Span.of(sequenceNr, sequenceNr, settled), Use.byNode());
            })
        .thenCompose(pages -> pages.next().whenComplete((found, failure) -> pages.close()))
        .thenApply(rows -> rows.map(found -> found.get(0)));
  }

  /** The highest sequence number, deleted ones included; 0 for a stream without events. */
  CompletionStage<Long> highestSequenceNr(String persistenceId) {
    return settle(persistenceId, Long.MAX_VALUE)
        .thenApply(
            settled -> {
              if (!settled.complete()) {
                throw unsettled(persistenceId, settled);
              }
              return settled.sequenceNr();
            });
  }

  private static boolean isEnough(Settled settled, long to) {
    return settled.complete() || settled.sequenceNr() >= to;
  }

  private QueryUnavailableException unsettled(String persistenceId, Settled settled) {
    return new QueryUnavailableException(
        ("'%s' has been claimed by another writer for more than %,d ms (%s), and whether its events"
                + " after %d are part of its history is not decided. It is when its persistent actor"
                + " recovers the next time")
            .formatted(
                persistenceId,
                settings.settleTimeout().toMillis(),
                settings.settleTimeoutPath(),
                settled.sequenceNr()));
  }

  private CompletionStage<Settled> settle(String persistenceId, long to) {
    return settle(persistenceId, to, System.nanoTime() + settings.settleTimeout().toNanos());
  }

  private CompletionStage<Settled> settle(String persistenceId, long to, long deadline) {
    return reads
        .read(persistenceId)
        .thenCompose(
            settled ->
                isEnough(settled, to) || System.nanoTime() - deadline >= 0
                    ? completedFuture(settled)
                    : Delays.after(system, RETRY_INTERVAL)
                        .thenCompose(passed -> settle(persistenceId, to, deadline)));
  }

  /**
   * Reads; if nothing is settled from {@code next} on, ends with the next write to the stream by
   * this actor system or with the interval, so that a stream that nobody listens to any more is not
   * read any more.
   */
  private CompletionStage<Settled> poll(String persistenceId, long next) {
    // Before the read, or a write between the two would be seen an interval later.
    CompletableFuture<Void> written = storage.nextWrite(persistenceId);
    return reads
        .read(persistenceId)
        .whenComplete(
            (settled, failure) -> {
              if (failure != null) {
                written.complete(null);
              }
            })
        .thenCompose(
            settled -> {
              if (settled.sequenceNr() >= next) {
                written.complete(null);
              } else {
                Delays.endAfter(settings.refreshInterval(), written);
              }
              return written.thenApplyAsync(ended -> settled, system.dispatcher());
            });
  }

  private CompletionStage<EventPages> open(String persistenceId, Span span, Use use) {
    return storage.readEvents(
        persistenceId,
        new EventPages.Range(span.from(), span.to(), Long.MAX_VALUE, settings.pageSize(), false),
        use);
  }

  /** Sequence numbers to read, both inclusive. */
  private record Span(long from, long to) {
    static Span of(long from, long to, Settled settled) {
      return new Span(
          Math.max(Math.max(1, from), settled.deletedTo() + 1), Math.min(to, settled.sequenceNr()));
    }

    boolean isEmpty() {
      return to < from;
    }
  }
}
