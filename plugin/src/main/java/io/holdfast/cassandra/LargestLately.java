// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/**
 * The largest size that was seen lately: it rises at once and falls slowly. Thread-safe; that an
 * update may be lost does no harm.
 */
final class LargestLately {
  private volatile long bytes;

  /** 0 until something has been seen. */
  long bytes() {
    return bytes;
  }

  void saw(long seen) {
    long known = bytes;
    bytes = Math.max(seen, known - known / 16);
  }
}
