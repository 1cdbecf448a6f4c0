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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A place in all logs at one moment: what was acknowledged before is behind it, and no row behind
 * it is to be read after one that is not.
 *
 * @param lastWriter the number of the last writer there was
 * @param positions of the logs that had not ended the first row that is not behind
 */
record Cut(KnownWriters writers, long lastWriter, Map<UUID, Long> positions) {
  /** The same, to begin there. */
  Place place() {
    SortedMap<Long, Long> open = new TreeMap<>();
    positions.forEach(
        (id, position) -> {
          RegisteredWriter writer = writers.get(writers.numberOf(id).orElseThrow());
          if (position < writer.end().orElse(Long.MAX_VALUE)) {
            open.put(writer.number(), position);
          }
        });
    return Place.of(lastWriter + 1, open);
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
      CassandraStorage storage, Logs logs, KnownWriters writers) {
    long last = writers.last();
    List<RegisteredWriter> living = writers.living(RegisteredWriter.FIRST_NUMBER, last + 1);
    return ends(storage, living)
        .thenCompose(
            first ->
                logs.readWriters()
                    .thenCompose(
                        now ->
                            now != writers || now.last() > last
                                ? atPresent(storage, logs, now)
                                : ends(storage, living)
                                    .thenCompose(
                                        second ->
                                            close(
                                                storage, new Closing(writers, last, first, second)))
                                    .thenCompose(closed -> cut(storage, logs, closed))));
  }

  private static CompletionStage<Cut> cut(CassandraStorage storage, Logs logs, Closing closed) {
    UUID later = closed.begunMeanwhile;
    return later == null
        ? completedFuture(new Cut(closed.writers, closed.last, closed.ends))
        : logs.find(later).thenCompose(writers -> atPresent(storage, logs, writers));
  }

  private static CompletionStage<Map<UUID, Long>> ends(
      CassandraStorage storage, List<RegisteredWriter> writers) {
    Map<UUID, CompletableFuture<Long>> reads = new HashMap<>();
    for (RegisteredWriter writer : writers) {
      reads.put(writer.id(), storage.readLogEnd(writer.id()).toCompletableFuture());
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
    final KnownWriters writers;
    final long last;
    final Map<UUID, Long> ends;

    /** A writer that is waited for and was not on the list. */
    @Nullable UUID begunMeanwhile;

    final Deque<Unread> unread = new ArrayDeque<>();

    Closing(KnownWriters writers, long last, Map<UUID, Long> first, Map<UUID, Long> second) {
      this.writers = writers;
      this.last = last;
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
                Long end = ends.get(writer);
                if (end != null && position > end) {
                  unread.add(new Unread(writer, end, position));
                  ends.put(writer, position);
                } else if (end == null
                    && position > LogRow.FIRST_POSITION
                    && writers.numberOf(writer).orElse(Long.MAX_VALUE) > last) {
                  begunMeanwhile = writer;
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
