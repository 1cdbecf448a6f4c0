// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

/** A seed for each run, printed; {@code -Dholdfast.test.seed=…} repeats one. */
public final class Seeds {
  private Seeds() {}

  public static long next() {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("holdfast.test.seed=" + seed);
    return seed;
  }
}
