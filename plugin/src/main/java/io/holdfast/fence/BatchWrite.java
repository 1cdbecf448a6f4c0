// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.holdfast.fence.FenceClock.Moment;
import io.holdfast.fence.FenceException.Effect;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Writes one batch to a stream that the writer owns: the rows, then, side by side, its entry in the
 * writer's log and the fence read that began after they were stored. The stream is in doubt from
 * before the first request until the fence is passed; if anything fails, it stays so.
 *
 * <p>Numbers of rejected events before the batch are filled with it if it has room for them, else
 * in batches of their own, each of which passes the fence before the next.
 */
final class BatchWrite<R> {
  /** The most rejected events in a row. Whatever is above is no gap but a mistake. */
  private static final int MAX_GAP = 100_000;

  private final FenceStorage<R> storage;
  private final UUID writer;
  private final Claim claim;
  private final Fence fence;
  private final CommitLog log;
  private final int maxBatchSize;

  BatchWrite(
      FenceStorage<R> storage,
      UUID writer,
      Claim claim,
      Fence fence,
      CommitLog log,
      WriterSettings settings) {
    this.storage = storage;
    this.writer = writer;
    this.claim = claim;
    this.fence = fence;
    this.log = log;
    this.maxBatchSize = settings.maxBatchSize();
  }

  CompletionStage<Void> run(Stream stream, Batch<R> batch) {
    long next = stream.highestSequenceNr + 1;
    if (batch.firstSequenceNr() < next) {
      return misplaced(stream, batch, "another actor wrote to this stream; recover it first");
    }
    if (batch.firstSequenceNr() - next > MAX_GAP) {
      return misplaced(
          stream, batch, "more than %d sequence numbers are missing between".formatted(MAX_GAP));
    }
    stream.inDoubt = true;
    CompletionStage<Long> epoch =
        stream.epoch == 0
            ? beforeInsert(claim.create(stream.persistenceId))
            : completedFuture(stream.epoch);
    return epoch.thenCompose(
        mine ->
            insert(stream, batch, next, mine)
                .thenAccept(done -> stream.advance(mine, batch.lastSequenceNr())));
  }

  private static <T> CompletionStage<T> misplaced(Stream stream, Batch<?> batch, String why) {
    return failedFuture(
        new FenceException(
            "stream '%s' stands at %d, but a write begins at %d: %s"
                .formatted(
                    stream.persistenceId, stream.highestSequenceNr, batch.firstSequenceNr(), why),
            Effect.NONE));
  }

  /**
   * @param next the first sequence number that has no row
   */
  private CompletionStage<Void> insert(Stream stream, Batch<R> batch, long next, long epoch) {
    Moment issued = fence.now();
    if (batch.lastSequenceNr() - next < maxBatchSize) {
      return storage
          .insert(batch, next, epoch, writer, log.nextPosition())
          .thenCompose(
              stored -> log.append(batch.entry(next, epoch), fence.pass(stream, epoch, issued)));
    }
    long fillTo = Math.min(batch.firstSequenceNr() - 1, next + maxBatchSize - 1);
    CompletionStage<Void> filled =
        storage
            .fill(stream.persistenceId, next, fillTo, epoch, writer, log.nextPosition())
            .thenCompose(
                stored ->
                    log.append(
                        new LogEntry(stream.persistenceId, next, fillTo, epoch, Set.of(), Set.of()),
                        fence.pass(stream, epoch, issued)));
    return beforeInsert(filled).thenCompose(done -> insert(stream, batch, fillTo + 1, epoch));
  }

  /** Whatever fails before the insert is sent leaves none of the batch's events behind. */
  private static <T> CompletionStage<T> beforeInsert(CompletionStage<T> stage) {
    return stage.exceptionally(
        failure -> {
          throw FenceException.withoutEffect(failure);
        });
  }
}
