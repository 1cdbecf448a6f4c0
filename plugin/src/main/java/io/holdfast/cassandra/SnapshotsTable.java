// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.holdfast.cassandra.Statements.Name;
import io.holdfast.serialization.SerializedObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code snapshots} and {@code snapshot_chunks}.
 *
 * <p>Each save writes a row with an id of its own, never one over another, and deletions name the
 * ids: with fixed write times, no clock of any node can make a deletion hide a later save. A large
 * snapshot's chunks are stored before its row and deleted after it, so the row decides whether the
 * snapshot is there.
 */
final class SnapshotsTable {
  /** So many requests of one operation are under way at a time. */
  private static final int PARALLEL = 4;

  /** Enough for the latest of most criteria; a page of keys is small. */
  private static final int KEYS_TO_A_PAGE = 20;

  /** What identifies a snapshot, without the snapshot. */
  private record Key(long sequenceNr, UUID id, long timestampMillis, int chunks) {}

  private final Requests requests;
  private final Statements statements;

  SnapshotsTable(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  CompletionStage<Void> save(SnapshotRow snapshot, int chunkSize) {
    UUID id = Uuids.timeBased();
    ByteString bytes = snapshot.snapshot().bytes();
    int chunks = bytes.size() <= chunkSize ? 0 : (bytes.size() + chunkSize - 1) / chunkSize;
    Key key = new Key(snapshot.sequenceNr(), id, snapshot.timestampMillis(), chunks);
    String persistenceId = snapshot.persistenceId();
    return insertChunks(persistenceId, key, bytes, chunkSize)
        .thenCompose(done -> send("save a snapshot of", persistenceId, insert(snapshot, key)))
        .thenCompose(done -> deleteHidden(persistenceId, key));
  }

  private CompletionStage<Void> insertChunks(
      String persistenceId, Key key, ByteString bytes, int chunkSize) {
    return forEach(
            key.chunks(),
            chunk -> {
              int from = chunk * chunkSize;
              ByteString slice = bytes.slice(from, Math.min(from + chunkSize, bytes.size()));
              return send(
                  "save a snapshot of",
                  persistenceId,
                  statements
                      .get(Name.INSERT_SNAPSHOT_CHUNK)
                      .bind(key.id(), chunk, slice.asByteBuffer()));
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                // Nothing refers to them; what cannot be deleted now stays, and harms nobody.
                deleteChunks(persistenceId, key);
              }
            });
  }

  /**
   * Deletes what the saved snapshot hides: those of its sequence number that come after it. Of two
   * that are saved at the same time by two nodes one remains. What cannot be deleted now stays
   * hidden.
   */
  private CompletionStage<Void> deleteHidden(String persistenceId, Key saved) {
    long sequenceNr = saved.sequenceNr();
    SnapshotCriteria same =
        new SnapshotCriteria(sequenceNr, sequenceNr, Long.MIN_VALUE, Long.MAX_VALUE);
    return find(persistenceId, same, Integer.MAX_VALUE)
        .thenCompose(
            all -> {
              int mine = all.indexOf(saved);
              return mine < 0
                  ? completedFuture(null)
                  : delete(persistenceId, all.subList(mine + 1, all.size()));
            })
        .exceptionally(failure -> null);
  }

  CompletionStage<Optional<SnapshotRow>> load(String persistenceId, SnapshotCriteria criteria) {
    return load(persistenceId, criteria, null);
  }

  /**
   * @param incomplete what was found before, with a chunk missing. It has been deleted or replaced
   *     meanwhile, in that order: its row, then its chunks. If its row is still there, a chunk was
   *     lost; if not, whatever has taken its place is loaded
   */
  private CompletionStage<Optional<SnapshotRow>> load(
      String persistenceId, SnapshotCriteria criteria, @Nullable Key incomplete) {
    return find(persistenceId, criteria, 1)
        .thenCompose(
            keys -> {
              if (keys.isEmpty()) {
                return completedFuture(Optional.empty());
              }
              Key key = keys.get(0);
              if (key.equals(incomplete)) {
                throw new IllegalStateException(
                    "the snapshot of '%s' at %d is there, but some of its %d chunks are missing; delete it, and the actor recovers from an earlier one or its events"
                        .formatted(persistenceId, key.sequenceNr(), key.chunks()));
              }
              return read(persistenceId, key)
                  .thenCompose(
                      found ->
                          found.isPresent()
                              ? completedFuture(found)
                              : load(persistenceId, criteria, key));
            });
  }

  private CompletionStage<Optional<SnapshotRow>> read(String persistenceId, Key key) {
    BoundStatement select =
        statements.get(Name.SELECT_SNAPSHOT).bind(persistenceId, key.sequenceNr(), key.id());
    return send("load a snapshot of", persistenceId, select)
        .thenCompose(
            result -> {
              Row row = result.one();
              if (row == null) {
                return completedFuture(Optional.empty());
              }
              return readChunks(persistenceId, key)
                  .thenApply(
                      chunks -> chunks.map(joined -> snapshot(persistenceId, key, row, joined)));
            });
  }

  /** All chunks joined; empty if one is missing. */
  private CompletionStage<Optional<ByteString>> readChunks(String persistenceId, Key key) {
    ByteBuffer[] chunks = new ByteBuffer[key.chunks()];
    return forEach(
            key.chunks(),
            chunk ->
                send(
                        "load a snapshot of",
                        persistenceId,
                        statements.get(Name.SELECT_SNAPSHOT_CHUNK).bind(key.id(), chunk))
                    .thenAccept(
                        result -> {
                          Row row = result.one();
                          if (row != null) {
                            chunks[chunk] = row.getBytesUnsafe(0);
                          }
                        }))
        .thenApply(done -> join(chunks));
  }

  private static Optional<ByteString> join(@Nullable ByteBuffer[] chunks) {
    ByteStringBuilder joined = ByteString.createBuilder();
    for (ByteBuffer chunk : chunks) {
      if (chunk == null) {
        return Optional.empty();
      }
      joined.append(ByteString.fromByteBuffer(chunk));
    }
    return Optional.of(joined.result());
  }

  private static SnapshotRow snapshot(String persistenceId, Key key, Row row, ByteString chunks) {
    ByteString bytes = key.chunks() == 0 ? ObjectColumns.bytes(row, 2) : chunks;
    SerializedObject state = new SerializedObject(row.getInt(0), ObjectColumns.text(row, 1), bytes);
    SerializedObject metadata = ObjectColumns.read(row, 3, 5);
    return new SnapshotRow(persistenceId, key.sequenceNr(), key.timestampMillis(), state, metadata);
  }

  CompletionStage<Void> delete(String persistenceId, SnapshotCriteria criteria) {
    return find(persistenceId, criteria, Integer.MAX_VALUE)
        .thenCompose(keys -> delete(persistenceId, keys));
  }

  private CompletionStage<Void> delete(String persistenceId, List<Key> keys) {
    return forEach(
        keys.size(),
        i -> {
          Key key = keys.get(i);
          BoundStatement delete =
              statements.get(Name.DELETE_SNAPSHOT).bind(persistenceId, key.sequenceNr(), key.id());
          return send("delete a snapshot of", persistenceId, delete)
              .thenCompose(done -> deleteChunks(persistenceId, key));
        });
  }

  private CompletionStage<Void> deleteChunks(String persistenceId, Key key) {
    return key.chunks() == 0
        ? completedFuture(null)
        : send(
                "delete a snapshot of",
                persistenceId,
                statements.get(Name.DELETE_SNAPSHOT_CHUNKS).bind(key.id()))
            .thenApply(deleted -> null);
  }

  /** The first that match, the latest first. */
  private CompletionStage<List<Key>> find(
      String persistenceId, SnapshotCriteria criteria, int limit) {
    BoundStatement select =
        statements
            .get(Name.SELECT_SNAPSHOTS)
            .bind(persistenceId, criteria.minSequenceNr(), criteria.maxSequenceNr())
            .setPageSize(KEYS_TO_A_PAGE);
    return send("find snapshots of", persistenceId, select)
        .thenCompose(page -> find(persistenceId, criteria, limit, page, new ArrayList<>()));
  }

  private CompletionStage<List<Key>> find(
      String persistenceId,
      SnapshotCriteria criteria,
      int limit,
      AsyncResultSet page,
      List<Key> found) {
    for (Row row : page.currentPage()) {
      long timestamp = Objects.requireNonNull(row.getInstant(2)).toEpochMilli();
      if (criteria.matchesTimestamp(timestamp)) {
        UUID id = Objects.requireNonNull(row.getUuid(1));
        found.add(new Key(row.getLong(0), id, timestamp, row.getInt(3)));
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

  @SuppressWarnings("CheckReturnValue") // the driver's builder changes in place
  private BoundStatement insert(SnapshotRow snapshot, Key key) {
    BoundStatementBuilder bound =
        statements
            .get(Name.INSERT_SNAPSHOT)
            .boundStatementBuilder()
            .setString(0, snapshot.persistenceId())
            .setLong(1, key.sequenceNr())
            .setUuid(2, key.id())
            .setInstant(3, Instant.ofEpochMilli(key.timestampMillis()))
            .setInt(4, key.chunks())
            .setInt(5, snapshot.snapshot().serializerId())
            .setString(6, snapshot.snapshot().manifest());
    if (key.chunks() == 0) {
      bound.setBytesUnsafe(7, snapshot.snapshot().bytes().asByteBuffer());
    }
    SerializedObject metadata = snapshot.metadata();
    if (metadata != null) {
      ObjectColumns.bind(bound, 8, 10, metadata);
    }
    return bound.build();
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, String persistenceId, BoundStatement statement) {
    return requests.send(statement, "%s '%s'", operation, persistenceId);
  }

  /** Sends a request for each index below {@code count}, a few at a time. */
  private static <T> CompletionStage<Void> forEach(
      int count, IntFunction<CompletionStage<T>> request) {
    CompletionStage<Void> all = completedFuture(null);
    for (int lane = 0; lane < PARALLEL; lane++) {
      CompletionStage<Void> inLane = completedFuture(null);
      for (int i = lane; i < count; i += PARALLEL) {
        int index = i;
        inLane = inLane.thenCompose(done -> request.apply(index)).thenApply(done -> null);
      }
      all = all.thenCombine(inLane, (others, mine) -> null);
    }
    return all;
  }
}
