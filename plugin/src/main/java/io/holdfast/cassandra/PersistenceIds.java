// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import io.holdfast.serialization.Utf8;

/**
 * Which persistence ids can be stored, so that no two of them ever mean the same. For Holdfast's
 * own packages.
 */
public final class PersistenceIds {
  /**
   * The longest id, in UTF-8. Cassandra's keys end at 64 KiB, and five hundred ids travel together
   * when their streams move to another node.
   */
  static final int MAX_BYTES = 32 << 10;

  private PersistenceIds() {}

  /** As {@link #check}; answers the id. */
  public static String checked(String persistenceId) {
    check(persistenceId);
    return persistenceId;
  }

  /** Throws an {@link IllegalArgumentException} that says why the id is refused. */
  public static void check(String persistenceId) {
    if (persistenceId.isEmpty()) {
      throw new IllegalArgumentException("the persistence id is empty");
    }
    int bytes = Utf8.length(persistenceId);
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the persistence id '%s…' has %,d bytes in UTF-8, above the limit of %,d; use a shorter one"
              .formatted(persistenceId.substring(0, 40), bytes, MAX_BYTES));
    }
    Utf8.checked("the persistence id", persistenceId);
  }
}
