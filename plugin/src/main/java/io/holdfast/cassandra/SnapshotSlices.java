// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.datastax.oss.driver.api.core.servererrors.ReadFailureException;
import io.holdfast.fence.FenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Reads a range of sequence numbers in slices where Cassandra refuses to read it at once, because
 * it would pass over too many tombstones (tombstone_failure_threshold).
 */
final class SnapshotSlices {
  /** The reason in the binary protocol. */
  private static final int READ_TOO_MANY_TOMBSTONES = 1;

  private SnapshotSlices() {}

  /**
   * What is found in the range, the highest first.
   *
   * @param limit how much is wanted; what lies below is not read
   * @param read reads from the first to the second sequence number, both inclusive
   */
  static <T> CompletionStage<List<T>> read(
      long from, long to, int limit, BiFunction<Long, Long, CompletionStage<List<T>>> read) {
    return read.apply(from, to)
        .thenApply(CompletableFuture::completedFuture)
        .exceptionally(
            failure ->
                from < to && isTooManyTombstones(FenceException.causeOf(failure))
                    ? halves(from, to, limit, read).toCompletableFuture()
                    : CompletableFuture.failedFuture(FenceException.causeOf(failure)))
        .thenCompose(Function.identity());
  }

  private static <T> CompletionStage<List<T>> halves(
      long from, long to, int limit, BiFunction<Long, Long, CompletionStage<List<T>>> read) {
    long middle = middle(from, to);
    return read(middle, to, limit, read)
        .thenCompose(
            upper ->
                upper.size() >= limit
                    ? completedFuture(upper)
                    : read(from, middle - 1, limit - upper.size(), read)
                        .thenApply(
                            lower -> {
                              List<T> both = new ArrayList<>(upper);
                              both.addAll(lower);
                              return both;
                            }));
  }

  /**
   * Above {@code from}, up to {@code to}. Of a range whose ends differ in length the middle length:
   * a range without a bound ends at the highest of all numbers, far above those in use.
   */
  private static long middle(long from, long to) {
    int low = length(from);
    int high = length(to);
    return high - low > 1 ? 1L << ((low + high) / 2 - 1) : from + (to - from + 1) / 2;
  }

  private static int length(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }

  /** Older versions of the protocol do not say why a read failed. */
  private static boolean isTooManyTombstones(Throwable failure) {
    return failure.getCause() instanceof ReadFailureException refused
        && (refused.getReasonMap().isEmpty()
            || refused.getReasonMap().containsValue(READ_TOO_MANY_TOMBSTONES));
  }
}
