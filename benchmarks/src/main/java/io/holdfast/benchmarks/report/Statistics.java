// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import java.util.List;
import java.util.stream.IntStream;

/** What the figures of several rounds come to. */
public final class Statistics {
  private Statistics() {}

  /**
   * The value in the middle, or between the two there.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("there is no median of no values");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * The median of the rounds' own ratios: what slows a round down slows both of it down.
   *
   * @throws IllegalArgumentException if they are not of the same rounds
   */
  public static double ratio(List<Double> values, List<Double> base) {
    if (values.size() != base.size()) {
      throw new IllegalArgumentException(
          "%d rounds have no ratio to %d".formatted(values.size(), base.size()));
    }
    return median(
        IntStream.range(0, values.size()).mapToObj(i -> values.get(i) / base.get(i)).toList());
  }
}
