// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import io.holdfast.cassandra.EventRow;
import io.holdfast.cassandra.EventRow.ActorEvent;
import io.holdfast.cassandra.EventRow.StreamEvent;
import io.holdfast.cassandra.PersistenceIds;
import io.holdfast.fence.Batch;
import io.holdfast.fence.FenceException;
import io.holdfast.serialization.SerializationException;
import io.holdfast.serialization.SerializedObject;
import io.holdfast.serialization.Utf8;
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
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What to do with one request of a persistent actor: its atomic writes as few batches as the limits
 * allow, and for each write whether it is rejected. A write is never split over two batches.
 */
final class WritePlan {
  private static final int ROW_OVERHEAD = 128;

  /** What a text costs beside its bytes: its length. */
  private static final int TEXT_OVERHEAD = 5;

  /**
   * The most bytes of persistence id, event types and tags of one batch. The commit log has them
   * once more, and its readers hold a hundred rows of it in memory.
   */
  static final int MAX_LOGGED_BYTES = 1 << 20;

  private final JournalSettings settings;
  private final List<Batch<EventRow>> batches = new ArrayList<>();
  private final List<Optional<Exception>> rejections = new ArrayList<>();
  private boolean anyRejected;

  private List<EventRow> open = new ArrayList<>();
  private long openBytes;

  /** At least what the log will have of the open batch. */
  private long openLoggedBytes;

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
    PersistenceIds.check(first.persistenceId());
    long idBytes = sizeInBytes(first.persistenceId());
    // The event store bounds the ids of its streams, and its largest batch may be as large as ours.
    long bytes = first.content() instanceof ActorEvent ? idBytes : 0;
    long loggedBytes = idBytes;
    for (EventRow row : rows) {
      bytes += sizeInBytes(row);
      loggedBytes += sizeInBytes(row.type()) + sizeInBytes(row.tags());
    }
    if (loggedBytes > MAX_LOGGED_BYTES) {
      loggedBytes = idBytes + sizeInBytes(types(rows)) + sizeInBytes(tags(rows));
    }
    if (loggedBytes > MAX_LOGGED_BYTES) {
      throw new BatchRejectedException(
          ("events %d to %d of '%s', written together, have %d bytes of persistence id, event types and tags,"
                  + " all different; a batch takes at most %d, because the log that the feed is read from has"
                  + " them too. Use fewer or shorter tags, or persist fewer events at once")
              .formatted(
                  first.sequenceNr(),
                  last.sequenceNr(),
                  first.persistenceId(),
                  loggedBytes,
                  MAX_LOGGED_BYTES));
    }
    if (rows.size() > settings.maxBatchSize() || bytes > settings.maxBatchBytes()) {
      throw new BatchRejectedException(
          ("events %d to %d of '%s' are %d events of %d bytes, with their tags, manifests and ids, written"
                  + " together; a batch takes at most %d events (max-batch-size) and %d bytes (max-batch-bytes)."
                  + " Persist fewer or smaller events at once")
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
            || openBytes + bytes > settings.maxBatchBytes()
            || openLoggedBytes + loggedBytes > MAX_LOGGED_BYTES)) {
      closeBatch();
    }
    open.addAll(rows);
    openBytes += bytes;
    openLoggedBytes += loggedBytes;
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
              types(open),
              tags(open)));
      open = new ArrayList<>();
      openBytes = 0;
      openLoggedBytes = 0;
    }
  }

  private static Set<String> types(List<EventRow> rows) {
    return distinct(rows, row -> Set.of(row.type()));
  }

  private static Set<String> tags(List<EventRow> rows) {
    return distinct(rows, EventRow::tags);
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

  /** About how many bytes the row takes, its header included. */
  static long sizeInBytes(EventRow row) {
    long size =
        sizeInBytes(row.writerUuid())
            + sizeInBytes(row.manifest())
            + sizeInBytes(row.tags())
            + sizeInBytes(row.metadata());
    return row.content() instanceof StreamEvent stream
        ? size + stream.data().sizeInBytes()
        : size + ROW_OVERHEAD + sizeInBytes(((ActorEvent) row.content()).event());
  }

  private static long sizeInBytes(@Nullable SerializedObject object) {
    return object == null ? 0 : object.bytes().size() + sizeInBytes(object.manifest());
  }

  private static long sizeInBytes(Set<String> texts) {
    long size = 0;
    for (String text : texts) {
      size += sizeInBytes(text);
    }
    return size;
  }

  private static long sizeInBytes(String text) {
    return text.isEmpty() ? 0 : TEXT_OVERHEAD + Utf8.length(text);
  }
}
