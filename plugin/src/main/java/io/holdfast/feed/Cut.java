// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.feed.FeedOffset.Place;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.RegisteredWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A place in all logs at one moment: what was acknowledged before is behind it, and no row behind
 * it is to be read after one that is not.
 *
 * @param lastWriter the number of the last writer there was
 * @param positions of each writer's log the first row that is not behind
 */
record Cut(long lastWriter, Map<UUID, Long> positions) {
  long positionOf(UUID writer) {
    return positions.getOrDefault(writer, LogRow.FIRST_POSITION);
  }

  /** The same, to begin there. */
  Place place(List<RegisteredWriter> writers) {
    TreeMap<Long, Long> open = new TreeMap<>();
    for (RegisteredWriter writer : writers.subList(0, (int) lastWriter)) {
      long position = positionOf(writer.id());
      if (writer.end().isEmpty() || position < writer.end().getAsLong()) {
        open.put(writer.number(), position);
      }
    }
    return new Place(lastWriter + 1, open, null);
  }

  /**
   * The present ends of all logs. They are read twice: a row that stood before the second time
   * waits for none that was logged after it, and what the rows between the two wait for is added.
   * Where one may wait for a log that was begun meanwhile, it is done again.
   */
  static CompletionStage<Cut> atPresent(CassandraStorage storage, Logs logs) {
    return logs.readWriters().thenCompose(writers -> atPresent(storage, logs, writers));
  }

  private static CompletionStage<Cut> atPresent(
      CassandraStorage storage, Logs logs, List<RegisteredWriter> writers) {
    return ends(storage, writers)
        .thenCombine(logs.readWriters(), Closing.First::new)
        .thenCompose(
            first ->
                first.writers().size() > writers.size()
                    ? atPresent(storage, logs, first.writers())
                    : ends(storage, writers)
                        .thenCompose(second -> close(storage, new Closing(first.ends(), second)))
                        .thenCompose(
                            closed ->
                                closed.isBegunMeanwhile
                                    ? atPresent(storage, logs)
                                    : completedFuture(new Cut(writers.size(), closed.ends))));
  }

  private static CompletionStage<Map<UUID, Long>> ends(
      CassandraStorage storage, List<RegisteredWriter> writers) {
    Map<UUID, CompletableFuture<Long>> reads = new HashMap<>();
    for (RegisteredWriter writer : writers) {
      reads.put(
          writer.id(),
          writer.end().isPresent()
              ? completedFuture(writer.end().getAsLong())
              : storage.readLogEnd(writer.id()).toCompletableFuture());
    }
    return CompletableFuture.allOf(reads.values().toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Map<UUID, Long> ends = new HashMap<>();
              reads.forEach((writer, end) -> ends.put(writer, end.join()));
              return ends;
            });
  }

  /** Rows of one log, up to and without {@code to}, of which it is not known what they wait for. */
  private record Unread(UUID writer, long from, long to) {}

  private static final class Closing {
    record First(Map<UUID, Long> ends, List<RegisteredWriter> writers) {}

    final Map<UUID, Long> ends;
    boolean isBegunMeanwhile;
    final Deque<Unread> unread = new ArrayDeque<>();

    Closing(Map<UUID, Long> first, Map<UUID, Long> second) {
      ends = new HashMap<>(second);
      second.forEach(
          (writer, end) -> {
            long before = first.getOrDefault(writer, LogRow.FIRST_POSITION);
            if (before < end) {
              unread.add(new Unread(writer, before, end));
            }
          });
    }

    void add(LogRow row) {
      row.after()
          .forEach(
              (writer, position) -> {
                long end = ends.getOrDefault(writer, 0L);
                if (end == 0) {
                  isBegunMeanwhile = true;
                } else if (position > end) {
                  unread.add(new Unread(writer, end, position));
                  ends.put(writer, position);
                }
              });
    }
  }

  private static CompletionStage<Closing> close(CassandraStorage storage, Closing closing) {
    Unread next = closing.unread.poll();
    if (next == null) {
      return completedFuture(closing);
    }
    return storage
        .readLog(next.writer(), next.from())
        .thenCompose(
            rows -> {
              List<LogRow> wanted = new ArrayList<>(rows);
              wanted.removeIf(row -> row.position() >= next.to());
              wanted.forEach(closing::add);
              long reached = next.from() + wanted.size();
              if (reached < next.to() && !rows.isEmpty()) {
                closing.unread.add(new Unread(next.writer(), reached, next.to()));
              }
              return close(storage, closing);
            });
  }
}
