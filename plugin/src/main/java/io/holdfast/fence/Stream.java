// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a writer remembers of one stream, and the queue of its operations there: one at a time, in
 * the order of arrival.
 *
 * <p>The queue belongs to this object's monitor. All other fields, except what was lost, are
 * touched by the running operation only; operations hand them on through the futures that order
 * them.
 */
final class Stream {
  final String persistenceId;

  /** Whether the fields below were read from storage, and hold. */
  boolean known;

  /** This writer's epoch; 0 while the stream is new and nobody owns it. */
  long epoch;

  long highestSequenceNr;
  long deletedTo;

  /**
   * Up to here events are gone from storage, too; below {@link #deletedTo} while a deletion that is
   * recorded has not come to its end.
   */
  long erasedTo;

  /** What the stream's actor keeps with it. */
  @Nullable String properties;

  /**
   * Whether an operation may have taken effect without our knowing. Only a claim ends the doubt.
   */
  boolean inDoubt;

  /** The latest epoch of this writer that another one has revoked; 0 if none is known. */
  private volatile long lostEpoch;

  /** Operations that wait or run. Belongs to {@link StreamMemory}. */
  int operations;

  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  Stream(String persistenceId) {
    this.persistenceId = persistenceId;
  }

  synchronized <T> CompletableFuture<T> enqueue(Supplier<CompletionStage<T>> operation) {
    CompletableFuture<T> next =
        last.handle((result, failure) -> null).thenCompose(ignored -> operation.get());
    last = next;
    return next;
  }

  /** Another writer takes the stream, or has taken it. One at a time; see {@link Inbox}. */
  void lose(long epoch) {
    lostEpoch = Math.max(lostEpoch, epoch);
  }

  /**
   * Whether this writer is known to have lost the stream, if it owned it in that epoch. A new
   * stream, in epoch 0, is nobody's to lose.
   */
  boolean isLost(long epoch) {
    return epoch > 0 && lostEpoch >= epoch;
  }

  /** The stream has no row: it is new, and nothing is claimed until its first write. */
  Stream becomeNew() {
    return become(0, 0, 0, null);
  }

  /** This writer owns the stream, and nothing is in doubt or half deleted. */
  Stream become(long epoch, long highestSequenceNr, long deletedTo, @Nullable String properties) {
    this.known = true;
    this.inDoubt = false;
    this.epoch = epoch;
    this.highestSequenceNr = highestSequenceNr;
    this.deletedTo = deletedTo;
    this.erasedTo = deletedTo;
    this.properties = properties;
    return this;
  }

  /** This writer owns the stream still, and has written to it. */
  Stream advance(long epoch, long highestSequenceNr) {
    return change(epoch, highestSequenceNr, deletedTo, properties);
  }

  /** This writer owns the stream still, and has changed it; what is deleted may be stored still. */
  Stream change(long epoch, long highestSequenceNr, long deletedTo, @Nullable String properties) {
    long erased = erasedTo;
    become(epoch, highestSequenceNr, deletedTo, properties);
    erasedTo = erased;
    return this;
  }

  boolean isErased() {
    return erasedTo == deletedTo;
  }

  Recovered recovered() {
    return new Recovered(highestSequenceNr, deletedTo, properties);
  }

  @Override
  public String toString() {
    return persistenceId
        + (known ? " known" : " unknown")
        + (inDoubt ? " in doubt" : "")
        + (" epoch " + epoch + ", lost " + lostEpoch)
        + (", at " + highestSequenceNr + ", deleted to " + deletedTo)
        + (isErased() ? "" : ", erased to " + erasedTo);
  }
}
