// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

/**
 * How many rows of a stream to ask for first, when nothing is known of their size: as many as fit
 * if they are like the largest that were read lately, of whichever streams. It rises slowly and
 * falls at once. Thread-safe.
 */
final class FirstPage {
  /** What the page should have, about. */
  private static final int BYTES = 256 << 10;

  private static final int MAX_ROWS = 200;

  /** A few rows, even if they are large. */
  private static final int FEW_ROWS = 4;

  private static final int FEW_ROWS_BYTES = 4 << 20;

  private static final int USUAL_ROWS = 50;

  /** Rows that may come are taken to be so many times larger than those read lately, at most. */
  private static final long GROWTH = 8;

  /** How many times larger than it was counted a row may turn out. */
  private static final int OVERCOMMITMENT = 2;

  private final LargestLately largestRow = new LargestLately();

  int rows() {
    long rowBytes = largestRow.bytes();
    if (rowBytes == 0) {
      return USUAL_ROWS;
    }
    long few = Math.max(1, Math.min(FEW_ROWS, FEW_ROWS_BYTES / rowBytes));
    return (int) Math.max(few, Math.min(MAX_ROWS, BYTES / rowBytes));
  }

  /**
   * What a row that may come counts as: the largest size, or half of it where rows were small.
   *
   * @param largest the size that a row is taken to have, unless larger ones were read lately
   * @param seen the largest row of the range so far; 0 before its first one
   */
  long countedRow(long largest, int seen) {
    long lately = Math.max(seen, largestRow.bytes());
    long unknown = Math.max(largest, lately);
    return lately == 0
        ? unknown
        : Math.min(unknown, Math.max(GROWTH * lately, unknown / OVERCOMMITMENT));
  }

  /**
   * @param bytes of the largest row of a page; at least 1
   */
  void saw(int bytes) {
    largestRow.saw(bytes);
  }
}
