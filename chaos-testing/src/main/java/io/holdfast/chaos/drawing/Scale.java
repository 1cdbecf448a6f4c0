// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.drawing;

import java.util.Arrays;

/** Puts times on an axis on which each step from one to the next has the same length. */
final class Scale {
  private final long[] times;
  private final double left;
  private final double step;

  /**
   * @param times rising, at least one
   */
  Scale(long[] times, double left, double right) {
    this.times = times;
    this.left = left;
    this.step = (right - left) / (times.length + 1);
  }

  /** Times before the first are left of it, and times after the last right of it. */
  double x(long time) {
    int found = Arrays.binarySearch(times, time);
    if (found >= 0) {
      return at(found);
    }
    int next = -found - 1;
    if (next == 0 || next == times.length) {
      return at(next == 0 ? -1 : next);
    }
    double part = (double) (time - times[next - 1]) / (times[next] - times[next - 1]);
    return at(next - 1) + part * step;
  }

  private double at(int index) {
    return left + (index + 1) * step;
  }
}
