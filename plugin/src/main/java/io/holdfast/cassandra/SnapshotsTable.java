// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.cassandra.ReadBudget.Holder;
import io.holdfast.cassandra.ReadBudget.Share;
import io.holdfast.cassandra.Statements.Name;
import io.holdfast.serialization.SerializedObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code snapshots}, and with {@link SnapshotChunks} what large snapshots have besides.
 *
 * <p>Each save writes a row with an id of its own, never one over another; of several at one
 * sequence number the highest id counts. A large snapshot's chunks are stored before its row and
 * deleted after it, so the row decides whether the snapshot is there.
 *
 * <p>No clock decides anything: write times are fixed, or grow with what is deleted. Deletions are
 * of ranges, each of which takes the place of the tombstones that it covers. A range hides for ever
 * what is saved in it with the usual write time, so a save looks whether it can be seen, and is
 * otherwise made again with a write time above those of all ranges. A range ends below the highest
 * snapshot that it is for, which is deleted by its id: an actor is at that sequence number or
 * beyond, so that only one which went back to an old state needs the second try.
 */
final class SnapshotsTable {
  /** Of a row at first. Its deletion by id has one more, and ranges have more than that. */
  private static final long FIRST_WRITE_TIME = 1;

  /** Of a row that a range would have hidden. It is deleted by its id, with one more. */
  private static final long SECOND_WRITE_TIME = 1_000_000_000_000_001L;

  private static final long LOWEST_OF_RANGES = FIRST_WRITE_TIME + 2;

  /** What the row of a snapshot may have, unless larger ones were read: the usual chunk. */
  private static final int USUAL_ROW_BYTES = 1 << 20;

  /** A page of keys is small. */
  private static final int KEYS_TO_A_PAGE = 20;

  private record Found(SnapshotKey key, long writeTime) {}

  private final Requests requests;
  private final Statements statements;
  private final ReadBudget budget;
  private final SnapshotChunks chunks;

  /** Chunks may be larger than usual, or may have been. */
  private final LargestLately largestRow = new LargestLately();

  SnapshotsTable(Requests requests, Statements statements, ReadBudget budget) {
    this.requests = requests;
    this.statements = statements;
    this.budget = budget;
    this.chunks = new SnapshotChunks(requests, statements);
  }

  /** The bytes of a snapshot that is saved count as those of one that is loaded. */
  CompletionStage<Void> save(SnapshotRow snapshot, int chunkSize, Duration patience) {
    Share share = open("save a snapshot of", snapshot.persistenceId(), patience);
    int bytes = snapshot.snapshot().bytes().size();
    return share
        .acquire(bytes, bytes)
        .thenCompose(granted -> saveAll(snapshot, chunkSize))
        .whenComplete((saved, failure) -> share.close());
  }

  private Share open(String operation, String persistenceId, Duration patience) {
    return budget.open(Holder.NODE, patience, "%s '%s'".formatted(operation, persistenceId));
  }

  private CompletionStage<Void> saveAll(SnapshotRow snapshot, int chunkSize) {
    UUID id = Uuids.timeBased();
    return insert(snapshot, id, chunkSize, FIRST_WRITE_TIME)
        .thenCompose(done -> find(snapshot.persistenceId(), at(snapshot), Integer.MAX_VALUE))
        .thenCompose(
            found -> {
              boolean isVisible = isAmong(found, id);
              if (isVisible && found.get(0).key().id().equals(id)) {
                return deleteBefore(snapshot.persistenceId(), id, found);
              }
              // Hidden by the deletion of a range; or behind one that was saved earlier by a clock
              // that is ahead, or is being saved.
              UUID next = found.isEmpty() ? Uuids.timeBased() : idAfter(found.get(0).key().id());
              List<Found> former = new ArrayList<>(found);
              if (!isVisible) {
                former.add(new Found(key(snapshot, id, chunkSize), FIRST_WRITE_TIME));
              }
              return insert(
                      snapshot, next, chunkSize, isVisible ? FIRST_WRITE_TIME : SECOND_WRITE_TIME)
                  .thenCompose(done -> deleteBefore(snapshot.persistenceId(), next, former));
            });
  }

  private static UUID idAfter(UUID other) {
    UUID now = Uuids.timeBased();
    return now.timestamp() > other.timestamp() ? now : SnapshotKey.idAbove(other);
  }

  private static SnapshotKey key(SnapshotRow snapshot, UUID id, int chunkSize) {
    int bytes = snapshot.snapshot().bytes().size();
    return new SnapshotKey(
        snapshot.sequenceNr(),
        id,
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        bytes <= chunkSize ? 0 : (bytes + chunkSize - 1) / chunkSize);
  }

  private static SnapshotCriteria at(SnapshotRow snapshot) {
    return SnapshotCriteria.at(snapshot.sequenceNr());
  }

  private static boolean isAmong(List<Found> found, UUID id) {
    return found.stream().anyMatch(one -> one.key().id().equals(id));
  }

  private CompletionStage<Void> insert(
      SnapshotRow snapshot, UUID id, int chunkSize, long writeTime) {
    SnapshotKey key = key(snapshot, id, chunkSize);
    String persistenceId = snapshot.persistenceId();
    return chunks
        .insert(persistenceId, id, key.chunks(), snapshot.snapshot().bytes(), chunkSize)
        .thenCompose(
            done -> send("save a snapshot of", persistenceId, bind(snapshot, key, writeTime)))
        .thenApply(stored -> null);
  }

  @SuppressWarnings("CheckReturnValue") // the driver's builder changes in place
  private BoundStatement bind(SnapshotRow snapshot, SnapshotKey key, long writeTime) {
    BoundStatementBuilder bound =
        statements
            .get(Name.INSERT_SNAPSHOT)
            .boundStatementBuilder()
            .setString(0, snapshot.persistenceId())
            .setLong(1, key.sequenceNr())
            .setUuid(2, key.id())
            .setInstant(3, key.savedAt())
            .setInt(4, key.chunks())
            .setInt(5, snapshot.snapshot().serializerId())
            .setString(6, snapshot.snapshot().manifest())
            .setLong(11, writeTime);
    if (key.chunks() == 0) {
      bound.setBytesUnsafe(7, snapshot.snapshot().bytes().asByteBuffer());
    }
    SerializedObject metadata = snapshot.metadata();
    if (metadata != null) {
      ObjectColumns.bind(bound, 8, 10, metadata);
    }
    return bound.build();
  }

  /**
   * Deletes what a saved snapshot hides: those of its sequence number with a lower id. What cannot
   * be deleted now stays hidden.
   */
  private CompletionStage<Void> deleteBefore(String persistenceId, UUID id, List<Found> found) {
    List<Found> hidden = found.stream().filter(one -> !one.key().id().equals(id)).toList();
    if (hidden.isEmpty()) {
      return completedFuture(null);
    }
    long sequenceNr = hidden.get(0).key().sequenceNr();
    return send(
            "delete a snapshot of",
            persistenceId,
            statements
                .get(Name.DELETE_SNAPSHOTS_BEFORE)
                .bind(ofRange(Uuids.unixTimestamp(id)), persistenceId, sequenceNr, id))
        .thenCompose(done -> deleteLeft(persistenceId, hidden, Long.MAX_VALUE))
        .exceptionally(failure -> null);
  }

  /** Uses the snapshot of the highest sequence number that matches. */
  <T> CompletionStage<T> load(
      String persistenceId,
      SnapshotCriteria criteria,
      Duration patience,
      Function<Optional<SnapshotRow>, CompletionStage<T>> use) {
    Share share = open("load a snapshot of", persistenceId, patience);
    return load(persistenceId, criteria, null, share)
        .thenCompose(use)
        .whenComplete((used, failure) -> share.close());
  }

  /**
   * @param incomplete what was found before, with a chunk missing. It has been deleted or replaced
   *     meanwhile, in that order: its row, then its chunks. If its row is still there, a chunk was
   *     lost; if not, whatever has taken its place is loaded
   */
  private CompletionStage<Optional<SnapshotRow>> load(
      String persistenceId, SnapshotCriteria criteria, @Nullable UUID incomplete, Share share) {
    long reserved = Math.max(USUAL_ROW_BYTES, largestRow.bytes());
    return share
        .acquire(reserved, reserved)
        .thenCompose(granted -> latest(persistenceId, criteria))
        .thenCompose(
            latest -> {
              if (latest.isEmpty()) {
                return completedFuture(Optional.empty());
              }
              Row row = latest.get();
              SnapshotKey key = SnapshotKey.of(row);
              if (!isWhole(row) || key.id().equals(incomplete)) {
                throw new IllegalStateException(
                    ("the snapshot of '%s' at %d is there, but columns or some of its %d chunks are missing: either its save was never acknowledged, and replicas that have all of it cannot be read"
                            + " now, or it was damaged. Try again when all replicas are up; if it stays so, delete it, and the actor recovers from an earlier one or its events")
                        .formatted(persistenceId, key.sequenceNr(), Math.max(0, key.chunks())));
              }
              if (key.chunks() == 0) {
                ByteString bytes = ObjectColumns.bytes(row, 6);
                largestRow.saw(bytes.size());
                share.correct(reserved, SnapshotChunks.COPIES * bytes.size());
                return completedFuture(Optional.of(snapshot(persistenceId, row, bytes)));
              }
              return chunks
                  .read(persistenceId, key.id(), key.chunks(), share, reserved)
                  .thenCompose(
                      joined -> {
                        joined.ifPresent(bytes -> largestRow.saw(bytes.size() / key.chunks()));
                        return joined.isPresent()
                            ? completedFuture(
                                Optional.of(snapshot(persistenceId, row, joined.get())))
                            : load(persistenceId, criteria, key.id(), share);
                      });
            });
  }

  private CompletionStage<Optional<Row>> latest(String persistenceId, SnapshotCriteria criteria) {
    if (!criteria.hasTimeBounds()) {
      return SnapshotSlices.read(
              Math.max(0, criteria.minSequenceNr()),
              criteria.maxSequenceNr(),
              1,
              (from, to) ->
                  send(
                          "load a snapshot of",
                          persistenceId,
                          statements.get(Name.SELECT_LATEST_SNAPSHOT).bind(persistenceId, from, to))
                      .thenApply(result -> rows(result)))
          .thenApply(rows -> rows.stream().findFirst());
    }
    return find(persistenceId, criteria, 1)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return completedFuture(Optional.empty());
              }
              SnapshotKey key = found.get(0).key();
              return send(
                      "load a snapshot of",
                      persistenceId,
                      statements
                          .get(Name.SELECT_SNAPSHOT)
                          .bind(persistenceId, key.sequenceNr(), key.id()))
                  .thenCompose(
                      result -> {
                        List<Row> rows = rows(result);
                        // Deleted or replaced meanwhile.
                        return rows.isEmpty()
                            ? latest(persistenceId, criteria)
                            : completedFuture(Optional.of(rows.get(0)));
                      });
            });
  }

  private static List<Row> rows(AsyncResultSet result) {
    Row row = result.one();
    return row == null ? List.of() : List.of(row);
  }

  /** Whether no column is missing that a save writes in any case. */
  private static boolean isWhole(Row row) {
    return !row.isNull(2)
        && !row.isNull(3)
        && !row.isNull(4)
        && (row.getInt(3) > 0 || !row.isNull(6));
  }

  private static SnapshotRow snapshot(String persistenceId, Row row, ByteString bytes) {
    SnapshotKey key = SnapshotKey.of(row);
    return new SnapshotRow(
        persistenceId,
        key.sequenceNr(),
        Objects.requireNonNull(key.savedAt(), "timestamp").toEpochMilli(),
        new SerializedObject(row.getInt(4), ObjectColumns.text(row, 5), bytes),
        ObjectColumns.read(row, 7, 9));
  }

  /** Deletes all that match. */
  CompletionStage<Void> delete(String persistenceId, SnapshotCriteria criteria) {
    SnapshotCriteria range =
        SnapshotCriteria.between(criteria.minSequenceNr(), criteria.maxSequenceNr());
    return find(persistenceId, range, Integer.MAX_VALUE)
        .thenCompose(
            all -> {
              List<Found> matching =
                  all.stream().filter(one -> one.key().matches(criteria)).toList();
              return matching.isEmpty()
                  ? completedFuture(null)
                  : matching.size() < all.size()
                      ? deleteLeft(persistenceId, matching, Long.MIN_VALUE)
                      : deleteAll(persistenceId, range, matching);
            });
  }

  /**
   * Deletes all of a range. The range goes down to the next snapshot below, so that its tombstone
   * takes the place of those that earlier deletions have left there.
   */
  private CompletionStage<Void> deleteAll(
      String persistenceId, SnapshotCriteria range, List<Found> all) {
    long highest = all.get(0).key().sequenceNr();
    CompletionStage<List<Found>> next =
        range.minSequenceNr() > 0
            ? find(persistenceId, SnapshotCriteria.between(0, range.minSequenceNr() - 1), 1)
            : completedFuture(List.of());
    return next.thenCompose(
            below ->
                send(
                    "delete snapshots of",
                    persistenceId,
                    statements
                        .get(Name.DELETE_SNAPSHOTS_BETWEEN)
                        .bind(
                            ofRange(highest),
                            persistenceId,
                            below.isEmpty() ? -1L : below.get(0).key().sequenceNr(),
                            highest)))
        .thenCompose(done -> deleteLeft(persistenceId, all, highest));
  }

  /**
   * The write time of a range: of two that cover the same rows, the one that covers more has the
   * later one, as otherwise Cassandra would keep what it has more as a tombstone beside the other.
   */
  private static long ofRange(long end) {
    return LOWEST_OF_RANGES + Math.min(end, SECOND_WRITE_TIME - LOWEST_OF_RANGES - 1);
  }

  /**
   * Deletes by id what the deletion of a range has left, and the chunks of all.
   *
   * @param rangeEnd the range had all of the first write time below this sequence number
   */
  private CompletionStage<Void> deleteLeft(String persistenceId, List<Found> all, long rangeEnd) {
    return SnapshotChunks.forEach(
        all.size(),
        i -> {
          SnapshotKey key = all.get(i).key();
          long writeTime = all.get(i).writeTime();
          CompletionStage<?> deleted =
              key.sequenceNr() < rangeEnd && writeTime <= FIRST_WRITE_TIME
                  ? completedFuture(null)
                  : send(
                      "delete a snapshot of",
                      persistenceId,
                      statements
                          .get(Name.DELETE_SNAPSHOT)
                          .bind(
                              Math.max(FIRST_WRITE_TIME, writeTime) + 1,
                              persistenceId,
                              key.sequenceNr(),
                              key.id()));
          return deleted.thenCompose(
              done ->
                  key.chunks() == 0
                      ? completedFuture(null)
                      : chunks.delete(persistenceId, key.id()));
        });
  }

  /** The first that match, the latest first. */
  private CompletionStage<List<Found>> find(
      String persistenceId, SnapshotCriteria criteria, int limit) {
    return SnapshotSlices.read(
        Math.max(0, criteria.minSequenceNr()),
        criteria.maxSequenceNr(),
        limit,
        (from, to) ->
            send(
                    "find snapshots of",
                    persistenceId,
                    statements
                        .get(Name.SELECT_SNAPSHOT_KEYS)
                        .bind(persistenceId, from, to)
                        .setPageSize(limit == 1 && !criteria.hasTimeBounds() ? 1 : KEYS_TO_A_PAGE))
                .thenCompose(
                    page -> find(persistenceId, criteria, limit, page, new ArrayList<>())));
  }

  private CompletionStage<List<Found>> find(
      String persistenceId,
      SnapshotCriteria criteria,
      int limit,
      AsyncResultSet page,
      List<Found> found) {
    for (Row row : page.currentPage()) {
      SnapshotKey key = SnapshotKey.of(row);
      if (key.matches(criteria)) {
        found.add(new Found(key, row.getLong(4)));
        if (found.size() == limit) {
          return completedFuture(found);
        }
      }
    }
    return page.hasMorePages()
        ? requests
            .nextPage(page, "find snapshots of '%s'", persistenceId)
            .thenCompose(next -> find(persistenceId, criteria, limit, next, found))
        : completedFuture(found);
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, String persistenceId, BoundStatement statement) {
    return requests.send(statement, "%s '%s'", operation, persistenceId);
  }
}
