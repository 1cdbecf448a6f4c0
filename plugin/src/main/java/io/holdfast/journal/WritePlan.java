// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.fence.Batch;
import io.holdfast.fence.FenceException;
import io.holdfast.serialization.SerializationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What to do with one request of a persistent actor: its atomic writes as few batches as the limits
 * allow, and for each write whether it is rejected. A write is never split over two batches.
 */
final class WritePlan {
  private static final int ROW_OVERHEAD = 128;

  private final JournalSettings settings;
  private final List<Batch<EventRow>> batches = new ArrayList<>();
  private final List<Optional<Exception>> rejections = new ArrayList<>();
  private boolean anyRejected;

  private List<EventRow> open = new ArrayList<>();
  private long openBytes;

  private WritePlan(JournalSettings settings, List<Supplier<List<EventRow>>> writes) {
    this.settings = settings;
    writes.forEach(this::addWrite);
    closeBatch();
  }

  /** The plan for one write, whose events need no serialization. */
  static WritePlan of(List<EventRow> write, JournalSettings settings) {
    return new WritePlan(settings, List.of(() -> write));
  }

  /**
   * The plan, complete when all events are serialized. They are so side by side, and stay in their
   * order; what a serializer throws rejects its write. Never fails.
   *
   * @param writes those of one persistent actor
   */
  static CompletableFuture<WritePlan> of(
      Iterable<AtomicWrite> writes, EventMapper mapper, JournalSettings settings) {
    List<Supplier<List<EventRow>>> serialized = new ArrayList<>();
    List<CompletableFuture<EventRow>> open = new ArrayList<>();
    for (AtomicWrite write : writes) {
      List<CompletableFuture<EventRow>> rows = new ArrayList<>(write.size());
      for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
        CompletableFuture<EventRow> row = mapper.toRow(event);
        rows.add(row);
        if (!row.isDone()) {
          open.add(row);
        }
      }
      serialized.add(() -> rows.stream().map(CompletableFuture::join).toList());
    }
    return open.isEmpty()
        ? CompletableFuture.completedFuture(new WritePlan(settings, serialized))
        : CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
            .handle((done, failure) -> new WritePlan(settings, serialized));
  }

  /** The batches, in the order in which to write them, one after the other. */
  List<Batch<EventRow>> batches() {
    return batches;
  }

  /** For each write, in order, why it is rejected, if it is; empty if none is. */
  List<Optional<Exception>> rejections() {
    return anyRejected ? rejections : List.of();
  }

  private void addWrite(Supplier<List<EventRow>> rows) {
    try {
      add(rows.get());
      rejections.add(Optional.empty());
    } catch (CompletionException e) {
      reject(FenceException.causeOf(e));
    } catch (IllegalArgumentException | BatchRejectedException e) {
      reject(e);
    }
  }

  private void reject(Throwable cause) {
    anyRejected = true;
    rejections.add(Optional.of(rejection(cause)));
  }

  /** What to tell of an event that cannot be turned into a row. */
  static Exception rejection(Throwable cause) {
    return cause instanceof Exception exception
        ? exception
        : new SerializationException("an event could not be serialized: " + cause, cause);
  }

  private void add(List<EventRow> rows) {
    EventRow first = rows.get(0);
    EventRow last = rows.get(rows.size() - 1);
    long bytes = 0;
    for (EventRow row : rows) {
      bytes += sizeInBytes(row);
    }
    PersistenceIds.check(first.persistenceId());
    if (rows.size() > settings.maxBatchSize() || bytes > settings.maxBatchBytes()) {
      throw new BatchRejectedException(
          ("events %d to %d of '%s' are %d events of %d bytes, written together; a batch takes at most %d events"
                  + " (max-batch-size) and %d bytes (max-batch-bytes). Persist fewer or smaller events at once")
              .formatted(
                  first.sequenceNr(),
                  last.sequenceNr(),
                  first.persistenceId(),
                  rows.size(),
                  bytes,
                  settings.maxBatchSize(),
                  settings.maxBatchBytes()));
    }
    if (!open.isEmpty()
        && (last.sequenceNr() - open.get(0).sequenceNr() >= settings.maxBatchSize()
            || openBytes + bytes > settings.maxBatchBytes())) {
      closeBatch();
    }
    open.addAll(rows);
    openBytes += bytes;
  }

  private void closeBatch() {
    if (!open.isEmpty()) {
      EventRow first = open.get(0);
      EventRow last = open.get(open.size() - 1);
      batches.add(
          new Batch<>(
              first.persistenceId(),
              first.sequenceNr(),
              last.sequenceNr(),
              open,
              distinct(open, row -> Set.of(row.type())),
              distinct(open, EventRow::tags)));
      open = new ArrayList<>();
      openBytes = 0;
    }
  }

  /** Most often one row has all of them. */
  private static Set<String> distinct(List<EventRow> rows, Function<EventRow, Set<String>> texts) {
    Set<String> all = texts.apply(rows.get(0));
    for (EventRow row : rows.subList(1, rows.size())) {
      Set<String> more = texts.apply(row);
      if (!all.containsAll(more)) {
        all = new HashSet<>(all);
        all.addAll(more);
      }
    }
    return all;
  }

  static long sizeInBytes(EventRow row) {
    long metadata = row.metadata() == null ? 0 : row.metadata().bytes().size();
    if (row.content() instanceof StreamEvent stream) {
      return stream.data().sizeInBytes() + metadata;
    }
    return ROW_OVERHEAD + ((ActorEvent) row.content()).event().bytes().size() + metadata;
  }
}
