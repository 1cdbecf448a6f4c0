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
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Where the logs begin to tell of what was logged since some time. Each writer's times never go
 * back, so each log is searched by halving; of one that has ended the last row is looked at first.
 */
final class Since {
  private static final int PARALLELISM = 16;

  /** Where the log of a writer is to be read from. */
  private record Begin(RegisteredWriter writer, long position) {}

  private final ActorSystem system;
  private final CassandraStorage storage;
  private final Instant time;

  Since(ActorSystem system, CassandraStorage storage, Instant time) {
    this.system = system;
    this.storage = storage;
    this.time = time;
  }

  CompletionStage<Place> place(KnownWriters writers) {
    long last = writers.last();
    return Source.range(1, (int) last)
        .map(writers::get)
        .mapAsyncUnordered(PARALLELISM, this::search)
        .runWith(Sink.seq(), system)
        .thenApply(begins -> place(begins, last));
  }

  private static Place place(List<Begin> begins, long last) {
    SortedMap<Long, Long> open = new TreeMap<>();
    for (Begin begin : begins) {
      if (begin.position() < begin.writer().end().orElse(Long.MAX_VALUE)) {
        open.put(begin.writer().number(), begin.position());
      }
    }
    return Place.of(last + 1, open);
  }

  private CompletionStage<Begin> search(RegisteredWriter writer) {
    OptionalLong retired = writer.end();
    CompletionStage<Long> position =
        retired.isPresent()
            ? search(
                    writer,
                    Math.max(LogRow.FIRST_POSITION, retired.getAsLong() - 1),
                    retired.getAsLong())
                .thenCompose(
                    last ->
                        last == retired.getAsLong()
                            ? completedFuture(last)
                            : search(writer, LogRow.FIRST_POSITION, last))
            : storage
                .readLogEnd(writer.id())
                .thenCompose(end -> search(writer, LogRow.FIRST_POSITION, end));
    return position.thenApply(from -> new Begin(writer, from));
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
