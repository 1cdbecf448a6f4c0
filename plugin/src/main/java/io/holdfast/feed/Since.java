// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.holdfast.cassandra.CassandraStorage;
import io.holdfast.feed.FeedOffset.Place;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.RegisteredWriter;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * Where the logs begin to tell of what was logged since some time. Each writer's times never go
 * back, so each log is searched by halving.
 */
final class Since {
  private final CassandraStorage storage;
  private final Instant time;

  Since(CassandraStorage storage, Instant time) {
    this.storage = storage;
    this.time = time;
  }

  CompletionStage<Place> place(List<RegisteredWriter> writers) {
    return add(new TreeMap<>(), writers, 0)
        .thenApply(open -> new Place(RegisteredWriter.FIRST_NUMBER + writers.size(), open, null));
  }

  private CompletionStage<SortedMap<Long, Long>> add(
      SortedMap<Long, Long> open, List<RegisteredWriter> writers, int index) {
    if (index == writers.size()) {
      return completedFuture(open);
    }
    RegisteredWriter writer = writers.get(index);
    OptionalLong retired = writer.end();
    CompletionStage<Long> end =
        retired.isPresent()
            ? completedFuture(retired.getAsLong())
            : storage.readLogEnd(writer.id());
    return end.thenCompose(to -> search(writer, LogRow.FIRST_POSITION, to))
        .thenCompose(
            position -> {
              if (retired.isEmpty() || position < retired.getAsLong()) {
                open.put(writer.number(), position);
              }
              return add(open, writers, index + 1);
            });
  }

  /** The first position from {@code low} on, below {@code high}, that is late enough; or that. */
  private CompletionStage<Long> search(RegisteredWriter writer, long low, long high) {
    if (low >= high) {
      return completedFuture(low);
    }
    long middle = low + (high - low) / 2;
    return storage
        .readLog(writer.id(), middle)
        .thenCompose(
            rows ->
                !rows.isEmpty() && rows.get(0).loggedAt().isBefore(time)
                    ? search(writer, middle + 1, high)
                    : search(writer, low, middle));
  }
}
