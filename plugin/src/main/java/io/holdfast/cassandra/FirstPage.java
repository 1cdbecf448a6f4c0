// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/**
 * How many rows of a stream to ask for first, when nothing is known of their size: more than the
 * fewest only while the rows that were read lately, of whichever streams, were small. It rises
 * slowly and falls at once. Thread-safe; that an update may be lost does no harm.
 */
final class FirstPage {
  /** What the page should have, about. */
  private static final int BYTES = 256 << 10;

  private static final int MIN_ROWS = 50;

  /** So many rows of the largest size must have room, should this stream's be like that. */
  private static final int MAX_ROWS = 200;

  private volatile int rowBytes = BYTES / MIN_ROWS;

  int rows() {
    return Math.max(MIN_ROWS, Math.min(MAX_ROWS, BYTES / rowBytes));
  }

  /**
   * @param bytes of a row, in the mean of a page; at least 1
   */
  void saw(int bytes) {
    int known = rowBytes;
    rowBytes = Math.max(bytes, known - known / 16);
  }
}
