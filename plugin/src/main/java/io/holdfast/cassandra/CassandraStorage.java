// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.fence.Batch;
import io.holdfast.fence.FenceStorage;
import io.holdfast.fence.LogRow;
import io.holdfast.fence.RegisteredWriter;
import io.holdfast.fence.Revocation;
import io.holdfast.fence.StoredBatch;
import io.holdfast.fence.StreamOwnership;
import io.holdfast.fence.Tail;
import io.holdfast.settings.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a store's keyspace. The first use connects; what is asked for before the connection
 * stands waits for it, and fails with effect {@code NONE} if it does not come about. Thread-safe;
 * nothing blocks.
 */
public final class CassandraStorage implements FenceStorage<EventRow> {
  private final CassandraConnection connection;

  /** That of the store {@code holdfast}. */
  public CassandraStorage(ClassicActorSystemProvider system) {
    this(system, Section.DEFAULT_STORE);
  }

  /**
   * The storage that the store's section {@code cassandra}, and {@code datastax-java-driver},
   * describe.
   *
   * @param store the path of the store's sections in the system's configuration
   */
  public CassandraStorage(ClassicActorSystemProvider system, String store) {
    this.connection = CassandraConnection.get(system, store);
  }

  /** Those of the stores that an actor system uses by now. */
  public static List<CassandraStorage> inUse(ClassicActorSystemProvider system) {
    return CassandraConnection.stores(system).stream()
        .map(store -> new CassandraStorage(system, store))
        .toList();
  }

  /** An id for a new writer: a time UUID, unique over all nodes and starts. */
  public static UUID newWriterId() {
    return Uuids.timeBased();
  }

  /** Connects, if nobody has yet, and completes when the tables are ready for use. */
  public CompletionStage<Void> connect() {
    return connected(tables -> completedFuture(null));
  }

  /**
   * Connects, if nobody has yet, and reads something small at the consistency of all reads.
   *
   * @param timeout how long the read may take; to connect may take longer
   */
  public CompletionStage<Void> probe(Duration timeout) {
    return connected(tables -> tables.settings().probe(timeout));
  }

  /** What offsets of the feed name the keyspace by, drawn when it was first used. */
  public CompletionStage<String> storeId() {
    return connected(tables -> completedFuture(tables.storeId()));
  }

  /**
   * Begins a change of several requests. The connection is not closed before it has ended; once the
   * actor system shuts down, it is refused with effect {@code NONE}.
   */
  public <T> CompletionStage<T> change(Supplier<CompletionStage<T>> change) {
    return connection.change(change);
  }

  /** Sequence numbers to a partition; no batch may be longer. */
  public int partitionSize() {
    return connection.settings().partitionSize();
  }

  /** A range of one stream's rows, to be closed. */
  public CompletionStage<EventPages> readEvents(
      String persistenceId, EventPages.Range range, EventPages.Use use) {
    return connected(
        tables ->
            completedFuture(
                tables
                    .events()
                    .read(persistenceId, range, use, () -> readDeletedTo(persistenceId))));
  }

  /**
   * Ranges of several streams, to be closed.
   *
   * @param ranges at least one
   * @param parallelism how many are read at a time
   * @param eventBytes what an event is taken to have; 0 if nothing is known
   */
  public CompletionStage<EventRanges> readEvents(
      List<EventRanges.StreamRange> ranges, EventPages.Use use, int parallelism, long eventBytes) {
    return connected(
        tables ->
            completedFuture(
                new EventRanges(
                    ranges,
                    range ->
                        tables
                            .events()
                            .read(
                                range.persistenceId(),
                                EventPages.Range.of(range),
                                use,
                                () -> readDeletedTo(range.persistenceId())),
                    this::readDeletedTo,
                    parallelism,
                    eventBytes)));
  }

  /**
   * Counts rows that another one has read, for a consumer that uses them, too.
   *
   * @return to be run when they are not used any more; empty if there is no room now
   */
  public Optional<Runnable> tryHold(List<EventRow> rows) {
    ReadBudget.Share share =
        connection.reads().open(ReadBudget.Holder.CONSUMER, null, "use events that were read");
    if (!share.tryKeep(EventPages.heldBytes(rows))) {
      share.close();
      return Optional.empty();
    }
    return Optional.of(share::close);
  }

  /** The bytes that reads of this actor system hold now. */
  public long heldReadBytes() {
    return connection.reads().heldBytes();
  }

  /** Up to where the stream's events are deleted; 0 for none. */
  public CompletionStage<Long> readDeletedTo(String persistenceId) {
    return readOwnership(persistenceId)
        .thenApply(row -> row.map(StreamOwnership::deletedTo).orElse(0L));
  }

  /**
   * The ids of all streams that were ever written to, in an order that does not change.
   *
   * @param afterId begins after this id, whether it exists or not; empty for the first
   */
  public CompletionStage<PersistenceIdPages> readPersistenceIds(
      Optional<String> afterId, int pageSize) {
    return connected(
        tables -> completedFuture(tables.streams().readIds(afterId.orElse(null), pageSize)));
  }

  /**
   * Completes with the next write to the stream from this actor system: a hint that it is worth
   * reading. Whoever does not wait any longer must complete it himself.
   */
  public CompletableFuture<Void> nextWrite(String persistenceId) {
    return connection.writeSignals().next(persistenceId);
  }

  /**
   * Hears of each log row that this actor system writes, once it is stored; a hint that saves
   * reading it. The listener must not block.
   */
  public void onLogRow(BiConsumer<UUID, LogRow> listener) {
    connection.logSignals().listen(listener);
  }

  /**
   * What is to be done when the actor system shuts down, after the last change has ended and before
   * the connection is closed.
   *
   * @return to be run when it is not to be done any more
   */
  public Runnable beforeClosing(Supplier<CompletionStage<Void>> change) {
    return connection.beforeClosing(change);
  }

  private <T> CompletionStage<T> connected(Function<Tables, CompletionStage<T>> operation) {
    return connection.tables().thenCompose(operation);
  }

  @Override
  public CompletionStage<Optional<StreamOwnership>> readOwnership(String persistenceId) {
    return connected(tables -> tables.streams().read(persistenceId));
  }

  @Override
  public CompletionStage<Boolean> createOwnership(String persistenceId, UUID owner, long epoch) {
    return connected(tables -> tables.streams().create(persistenceId, owner, epoch));
  }

  @Override
  public CompletionStage<Boolean> takeOwnership(
      String persistenceId, StreamOwnership next, StreamOwnership previous) {
    return connected(tables -> tables.streams().take(persistenceId, next, previous));
  }

  @Override
  public CompletionStage<Boolean> recordChange(
      String persistenceId, long deletedTo, @Nullable String properties, long expectedEpoch) {
    return connected(
        tables ->
            tables.streams().recordChange(persistenceId, deletedTo, properties, expectedEpoch));
  }

  @Override
  public CompletionStage<Tail> readTail(String persistenceId, long head, long deletedTo) {
    return connected(tables -> tables.events().readTail(persistenceId, head, deletedTo));
  }

  @Override
  public CompletionStage<Optional<StoredBatch>> settleTail(
      String persistenceId, Tail tail, long deletedTo) {
    return connected(tables -> tables.events().settleTail(persistenceId, tail, deletedTo));
  }

  @Override
  public CompletionStage<Long> epochAfter(String persistenceId, long head) {
    return connected(tables -> tables.events().epochAfter(persistenceId, head));
  }

  @Override
  public CompletionStage<Void> insert(
      Batch<EventRow> batch, long batchFirst, long epoch, UUID writer, long logPosition) {
    return connected(
            tables -> tables.events().insert(batch, batchFirst, epoch, writer, logPosition))
        .thenAccept(stored -> connection.writeSignals().written(batch.persistenceId()));
  }

  @Override
  public CompletionStage<Void> fill(
      String persistenceId, long first, long last, long epoch, UUID writer, long logPosition) {
    return connected(
        tables -> tables.events().fill(persistenceId, first, last, epoch, writer, logPosition));
  }

  @Override
  public CompletionStage<Void> insertLogRow(UUID writer, LogRow row) {
    return connected(tables -> tables.commitLog().insert(writer, row))
        .thenAccept(stored -> connection.logSignals().written(writer, row));
  }

  @Override
  public CompletionStage<UUID> enter(UUID writer, long number, Instant now) {
    return connected(tables -> tables.writers().enter(writer, number, now));
  }

  @Override
  public CompletionStage<Boolean> beat(UUID writer, long number, Instant now) {
    return connected(tables -> tables.writers().beat(writer, number, now));
  }

  @Override
  public CompletionStage<Boolean> retire(UUID writer, long number, long end, Instant now) {
    return connected(tables -> tables.writers().retire(writer, number, end, now));
  }

  @Override
  public CompletionStage<List<RegisteredWriter>> readWriters(long from) {
    return connected(tables -> tables.writers().read(from));
  }

  /** The entry with that number, if there is one. */
  public CompletionStage<Optional<RegisteredWriter>> readWriter(long number) {
    return connected(tables -> tables.writers().readOne(number));
  }

  @Override
  public CompletionStage<List<LogRow>> readLog(UUID writer, long from) {
    return connected(tables -> tables.commitLog().read(writer, from));
  }

  @Override
  public CompletionStage<Long> readLogEnd(UUID writer) {
    return connected(tables -> tables.commitLog().readEnd(writer));
  }

  @Override
  public CompletionStage<Optional<StoredBatch>> readBatch(
      String persistenceId, long lastSequenceNr) {
    return connected(tables -> tables.events().readBatch(persistenceId, lastSequenceNr));
  }

  @Override
  public CompletionStage<Void> revoke(UUID owner, Map<String, Long> streams) {
    return connected(tables -> tables.revocations().revoke(owner, streams));
  }

  @Override
  public CompletionStage<List<Revocation>> readRevocations(UUID writer) {
    return connected(tables -> tables.revocations().read(writer));
  }

  @Override
  public CompletionStage<Void> deleteRevocation(UUID writer, UUID revocation) {
    return connected(tables -> tables.revocations().delete(writer, revocation));
  }

  @Override
  public CompletionStage<Void> clearAfter(String persistenceId, long sequenceNr, long epoch) {
    return connected(tables -> tables.events().clearAfter(persistenceId, sequenceNr, epoch));
  }

  @Override
  public CompletionStage<Long> firstUndeleted(String persistenceId, long deletedTo) {
    return connected(tables -> tables.events().firstUndeleted(persistenceId, deletedTo));
  }

  @Override
  public CompletionStage<Void> deleteEvents(
      String persistenceId, long deletedTo, long toSequenceNr, long epoch) {
    return connected(
        tables -> tables.events().deleteRange(persistenceId, deletedTo, toSequenceNr, epoch));
  }
}
