// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fence;

import org.jspecify.annotations.Nullable;

/**
 * Hears what happens in a writer, to count it or to tell operators. Called on any thread, by many
 * at a time, in the middle of the protocol: it must be quick, and must not throw.
 */
public interface FenceListener {
  /** Hears nothing. */
  FenceListener NONE = new FenceListener() {};

  /**
   * A fence read has ended.
   *
   * @param requests how many writes and questions shared it; 0 for one of an idle writer
   * @param failure why it failed; null if it did not
   */
  default void fenceRead(int requests, long nanos, @Nullable Throwable failure) {}

  /**
   * A claim has ended.
   *
   * @param previous the owner and epoch that it began from; the owner may be this writer itself
   * @param failure why it failed; null if the stream is this writer's now
   */
  default void claimed(
      String persistenceId, StreamOwnership previous, long nanos, @Nullable Throwable failure) {}

  /**
   * A claim begins anew, because another writer took the stream meanwhile or it took too long.
   *
   * @param attempt how many have failed so far
   */
  default void claimRepeated(String persistenceId, int attempt) {}

  /** A request to a stream that this writer has recovered found that another one has taken it. */
  default void lost(String persistenceId) {}

  /**
   * A row of the writer's log has been stored.
   *
   * @param entries how many batches it tells of; 0 for a marker
   */
  default void logged(int entries) {}
}
