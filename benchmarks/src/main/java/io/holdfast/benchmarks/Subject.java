// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;

/** What is measured, in a process of its own. Not thread-safe. */
interface Subject extends AutoCloseable {
  /** Stores what must be there before the load can be measured. Once for each load. */
  default void prepare(Load load) throws Exception {}

  /**
   * Does what the load says for a while.
   *
   * @throws UnsupportedOperationException if it cannot
   */
  Figures measure(Load load, Duration window) throws Exception;

  /**
   * Its events by tag.
   *
   * @throws UnsupportedOperationException if it has none
   */
  default TaggedJournal taggedJournal() {
    throw new UnsupportedOperationException(getClass().getSimpleName() + " has no tags");
  }

  @Override
  void close();

  /** To be thrown where there is no way to do what a load asks for. */
  static UnsupportedOperationException cannot(Subject subject, Load load) {
    return new UnsupportedOperationException(
        "%s cannot do %s".formatted(subject.getClass().getSimpleName(), load));
  }
}
