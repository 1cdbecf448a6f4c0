// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.cassandra.EventPages;
import io.holdfast.cassandra.EventRow;
import io.holdfast.fence.LogEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events that rows of the log tell of. Batches of one stream that follow each other are
 * read with one request. Readers of this actor system that want the same batch at the same moment,
 * as they do while none is behind, read it once. Thread-safe.
 */
final class EntryReads {
  private static final int PAGE_ROWS = 1_000;

  /** Sequence numbers of one stream without gap, both inclusive. */
  private record Run(String persistenceId, long from, long to) {}

  private final ActorSystem system;
  private final CassandraStorage storage;
  private final int parallelism;

  /** What is being read. Nothing is kept: it may be deleted the next moment. */
  private final Map<LogEntry, CompletionStage<NavigableMap<Long, EventRow>>> underWay =
      new ConcurrentHashMap<>();

  EntryReads(ActorSystem system, CassandraStorage storage, int parallelism) {
    this.system = system;
    this.storage = storage;
    this.parallelism = parallelism;
  }

  /** The events in the order of the parts, those left out that the filter does not want. */
  CompletionStage<List<FeedRow>> read(List<WantedRow> window, FeedFilter filter) {
    WantedRow first = window.get(0);
    if (window.size() == 1 && first.parts().size() == 1) {
      EntryPart part = first.parts().get(0);
      return readTogether(part).thenApply(rows -> events(window, Map.of(), rows, filter));
    }
    Map<String, List<Run>> runs = runs(window);
    List<Run> all = runs.values().stream().flatMap(List::stream).toList();
    return Source.from(all)
        .mapAsyncUnordered(parallelism, this::read)
        .runWith(Sink.seq(), system)
        .thenApply(
            read -> {
              Map<String, NavigableMap<Long, EventRow>> streams = new HashMap<>();
              for (NavigableMap<Long, EventRow> rows : read) {
                if (!rows.isEmpty()) {
                  streams.merge(
                      rows.firstEntry().getValue().persistenceId(),
                      rows,
                      (some, others) -> {
                        some.putAll(others);
                        return some;
                      });
                }
              }
              return events(window, streams, null, filter);
            });
  }

  private static Map<String, List<Run>> runs(List<WantedRow> window) {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    for (WantedRow row : window) {
      for (EntryPart part : row.parts()) {
        LogEntry entry = part.entry();
        List<Run> before = runs.computeIfAbsent(entry.persistenceId(), id -> new ArrayList<>(1));
        Run last = before.isEmpty() ? null : before.get(before.size() - 1);
        if (last != null && last.to() + 1 == part.fromSequenceNr()) {
          before.set(
              before.size() - 1,
              new Run(last.persistenceId(), last.from(), entry.lastSequenceNr()));
        } else {
          before.add(new Run(entry.persistenceId(), part.fromSequenceNr(), entry.lastSequenceNr()));
        }
      }
    }
    return runs;
  }

  private static List<FeedRow> events(
      List<WantedRow> window,
      Map<String, NavigableMap<Long, EventRow>> streams,
      @Nullable NavigableMap<Long, EventRow> only,
      FeedFilter filter) {
    List<FeedRow> events = new ArrayList<>();
    for (WantedRow row : window) {
      for (EntryPart part : row.parts()) {
        LogEntry entry = part.entry();
        NavigableMap<Long, EventRow> stream =
            only == null ? streams.get(entry.persistenceId()) : only;
        if (stream == null) {
          continue;
        }
        for (EventRow event :
            stream.subMap(part.fromSequenceNr(), true, entry.lastSequenceNr(), true).values()) {
          if (filter.includes(event)) {
            events.add(new FeedRow(event, row.offsetAfter(part, event.sequenceNr())));
          }
        }
      }
    }
    return events;
  }

  /** Joins another reader that is just reading the same. */
  private CompletionStage<NavigableMap<Long, EventRow>> readTogether(EntryPart part) {
    LogEntry entry = part.entry();
    if (part.fromSequenceNr() > entry.firstSequenceNr()) {
      return read(run(entry, part.fromSequenceNr()));
    }
    CompletableFuture<NavigableMap<Long, EventRow>> mine = new CompletableFuture<>();
    CompletionStage<NavigableMap<Long, EventRow>> others = underWay.putIfAbsent(entry, mine);
    if (others != null) {
      return others;
    }
    read(run(entry, entry.firstSequenceNr()))
        .whenComplete(
            (rows, failure) -> {
              underWay.remove(entry);
              if (failure == null) {
                mine.complete(rows);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine;
  }

  private static Run run(LogEntry entry, long from) {
    return new Run(entry.persistenceId(), from, entry.lastSequenceNr());
  }

  /** Events that are deleted may be stored for a while. */
  private CompletionStage<NavigableMap<Long, EventRow>> read(Run run) {
    CompletionStage<Long> deletedTo = storage.readDeletedTo(run.persistenceId());
    return storage
        .readEvents(
            run.persistenceId(),
            new EventPages.Range(run.from(), run.to(), Long.MAX_VALUE, PAGE_ROWS, false),
            EventPages.Use.byNode())
        .thenCompose(
            pages -> collect(pages, new TreeMap<>()).whenComplete((all, failure) -> pages.close()))
        .thenCombine(
            deletedTo,
            (rows, to) -> {
              rows.headMap(to, true).clear();
              return rows;
            });
  }

  private static CompletionStage<NavigableMap<Long, EventRow>> collect(
      EventPages pages, NavigableMap<Long, EventRow> rows) {
    return pages
        .next()
        .thenCompose(
            page -> {
              if (page.isEmpty()) {
                return completedFuture(rows);
              }
              page.get().forEach(row -> rows.put(row.sequenceNr(), row));
              return collect(pages, rows);
            });
  }
}
