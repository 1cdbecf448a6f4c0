// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbers of the streams that appends go to, from 0. Thread-safe. */
@FunctionalInterface
interface StreamChooser {
  /** The seed of whatever is random here: the same for all that are compared. */
  long SEED = 17;

  /**
   * The stream of the next append.
   *
   * @param place of the append among those under way
   */
  int next(int place);

  /** The chooser of a load. */
  static StreamChooser of(Load.Append load) {
    int streams = load.streams();
    return switch (load.choice()) {
      case SAME -> place -> place % streams;
      case ZIPF -> zipf(streams);
      case NEW -> {
        AtomicInteger created = new AtomicInteger();
        yield place -> created.getAndIncrement();
      }
    };
  }

  /** Stream k, from 1, is chosen 1/k as often as the first. */
  private static StreamChooser zipf(int streams) {
    double[] cumulated = new double[streams];
    double sum = 0;
    for (int i = 0; i < streams; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
    }
    double total = sum;
    Random random = new Random(SEED);
    return place -> {
      int found = Arrays.binarySearch(cumulated, random.nextDouble() * total);
      return Math.min(found < 0 ? -found - 1 : found, streams - 1);
    };
  }
}
