// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventPages;
import io.holdfast.cassandra.EventRow;
import io.holdfast.fence.Settled;
import io.holdfast.fence.SettledReads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One stream's events, without its actor, and only those that are settled: whatever is emitted
 * stays in the stream's history. Thread-safe; each run of a source reads anew, a page ahead.
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
    return Source.lazyCompletionStage(() -> settle(persistenceId, to))
        .flatMapConcat(
            settled -> {
              Source<EventRow, NotUsed> rows = rows(persistenceId, Span.of(from, to, settled));
              return isEnough(settled, to)
                  ? rows
                  : rows.concatLazy(failed(unsettled(persistenceId, settled)));
            })
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  /** Fails when its turn has come, not when it is put together. */
  private static <T> Source<T, ?> failed(RuntimeException failure) {
    return Source.lazySource(() -> Source.failed(failure));
  }

  /** The events from {@code from} to {@code to}, those to come included. */
  Source<EventRow, NotUsed> live(String persistenceId, long from, long to) {
    return Source.unfoldAsync(
            Math.max(1, from),
            next ->
                next > to
                    ? completedFuture(Optional.<Pair<Long, Span>>empty())
                    : poll(persistenceId, next)
                        .thenApply(settled -> Optional.of(advance(next, to, settled))))
        .flatMapConcat(span -> rows(persistenceId, span));
  }

  private static Pair<Long, Span> advance(long next, long to, Settled settled) {
    long reached = Math.min(to, settled.sequenceNr());
    return Pair.create(Math.max(next, reached + 1), Span.of(next, to, settled));
  }

  /** One event; empty if it is deleted, was rejected, or is not stored yet. */
  CompletionStage<Optional<EventRow>> find(String persistenceId, long sequenceNr) {
    return settle(persistenceId, sequenceNr)
        .thenCompose(
            settled -> {
              if (!isEnough(settled, sequenceNr)) {
                throw unsettled(persistenceId, settled);
              }
              return open(persistenceId, Span.of(sequenceNr, sequenceNr, settled));
            })
        .thenCompose(EventPages::next)
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
                + " after %d are part of its history is not decided. It is when its persistent actor recovers the next time")
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

  private Source<EventRow, NotUsed> rows(String persistenceId, Span span) {
    return span.isEmpty()
        ? Source.empty()
        : Source.lazyCompletionStage(() -> open(persistenceId, span))
            .flatMapConcat(pages -> PageSource.of(pages, EventPages::next))
            .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private CompletionStage<EventPages> open(String persistenceId, Span span) {
    return storage.readEvents(
        persistenceId,
        new EventPages.Range(span.from(), span.to(), Long.MAX_VALUE, settings.pageSize(), false));
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
