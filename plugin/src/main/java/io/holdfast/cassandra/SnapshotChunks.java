// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.holdfast.cassandra.Statements.Name;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.jspecify.annotations.Nullable;

/** The table {@code snapshot_chunks}: a partition for each large snapshot. */
final class SnapshotChunks {
  /** So many requests of one operation are under way at a time. */
  private static final int PARALLEL = 4;

  /** The chunks are in memory once more when they are joined for the serializer. */
  static final long COPIES = 2;

  private final Requests requests;
  private final Statements statements;

  SnapshotChunks(Requests requests, Statements statements) {
    this.requests = requests;
    this.statements = statements;
  }

  CompletionStage<Void> insert(
      String persistenceId, UUID id, int chunks, ByteString bytes, int chunkSize) {
    return forEach(
            chunks,
            chunk -> {
              int from = chunk * chunkSize;
              ByteString slice = bytes.slice(from, Math.min(from + chunkSize, bytes.size()));
              return send(
                  "save a snapshot of",
                  persistenceId,
                  statements.get(Name.INSERT_SNAPSHOT_CHUNK).bind(id, chunk, slice.asByteBuffer()));
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                // Nothing refers to them; what cannot be deleted now stays, and harms nobody.
                delete(persistenceId, id);
              }
            });
  }

  /**
   * All chunks joined; empty if one is missing, and then nothing is held for them.
   *
   * @param share waits for room for all of them when the size of the first one, which is the
   *     largest, is known
   * @param reserved what it holds for the first one
   */
  CompletionStage<Optional<ByteString>> read(
      String persistenceId, UUID id, int chunks, ReadBudget.Share share, long reserved) {
    ByteBuffer[] found = new ByteBuffer[chunks];
    return readInto(found, persistenceId, id, 0)
        .thenCompose(
            first -> {
              share.giveBack(reserved);
              if (found[0] == null) {
                return completedFuture(Optional.empty());
              }
              long bytes = COPIES * chunks * found[0].remaining();
              return room(found, bytes, share)
                  .thenCompose(
                      granted ->
                          forEach(
                              chunks,
                              i ->
                                  found[i] == null
                                      ? readInto(found, persistenceId, id, i)
                                      : completedFuture(null)))
                  .thenApply(
                      done -> {
                        Optional<ByteString> joined = join(found);
                        if (joined.isEmpty()) {
                          share.giveBack(bytes);
                        }
                        return joined;
                      });
            });
  }

  /** A load that waits for room holds nothing: then the first chunk is read once more. */
  private static CompletionStage<Long> room(
      @Nullable ByteBuffer[] found, long bytes, ReadBudget.Share share) {
    long granted = share.tryAcquire(bytes, bytes);
    if (granted > 0) {
      return completedFuture(granted);
    }
    found[0] = null;
    return share.acquire(bytes, bytes);
  }

  private CompletionStage<Void> readInto(
      @Nullable ByteBuffer[] found, String persistenceId, UUID id, int chunk) {
    return send(
            "load a snapshot of",
            persistenceId,
            statements.get(Name.SELECT_SNAPSHOT_CHUNK).bind(id, chunk))
        .thenAccept(
            result -> {
              Row row = result.one();
              if (row != null) {
                found[chunk] = row.getBytesUnsafe(0);
              }
            });
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

  CompletionStage<Void> delete(String persistenceId, UUID id) {
    return send(
            "delete a snapshot of",
            persistenceId,
            statements.get(Name.DELETE_SNAPSHOT_CHUNKS).bind(id))
        .thenApply(deleted -> null);
  }

  private CompletionStage<AsyncResultSet> send(
      String operation, String persistenceId, BoundStatement statement) {
    return requests.send(statement, "%s '%s'", operation, persistenceId);
  }

  /** Sends a request for each index below {@code count}, a few at a time. */
  static <T> CompletionStage<Void> forEach(int count, IntFunction<CompletionStage<T>> request) {
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
