// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Claims sorted by a key, with the best one of all below each key, or of all above it. */
final class Best {
  private final long[] keys;
  private final Claim[] best;

  private Best(List<Claim> sorted, ToLongFunction<Claim> key, Claim[] best) {
    this.keys = sorted.stream().mapToLong(key).toArray();
    this.best = best;
  }

  /** For {@link #below}: the best one has the highest {@code quality}. */
  static Best ofThoseBelow(
      List<Claim> claims, ToLongFunction<Claim> key, ToLongFunction<Claim> quality) {
    List<Claim> sorted = sorted(claims, key);
    Claim[] best = sorted.toArray(Claim[]::new);
    for (int i = 1; i < best.length; i++) {
      if (quality.applyAsLong(best[i - 1]) >= quality.applyAsLong(best[i])) {
        best[i] = best[i - 1];
      }
    }
    return new Best(sorted, key, best);
  }

  /** For {@link #above}: the best one has the lowest {@code quality}. */
  static Best ofThoseAbove(
      List<Claim> claims, ToLongFunction<Claim> key, ToLongFunction<Claim> quality) {
    List<Claim> sorted = sorted(claims, key);
    Claim[] best = sorted.toArray(Claim[]::new);
    for (int i = best.length - 2; i >= 0; i--) {
      if (quality.applyAsLong(best[i + 1]) <= quality.applyAsLong(best[i])) {
        best[i] = best[i + 1];
      }
    }
    return new Best(sorted, key, best);
  }

  private static List<Claim> sorted(List<Claim> claims, ToLongFunction<Claim> key) {
    List<Claim> sorted = new ArrayList<>(claims);
    sorted.sort(Comparator.comparingLong(key));
    return sorted;
  }

  /** The best one with a lower key. */
  @Nullable Claim below(long key) {
    int index = firstNotBelow(key) - 1;
    return index < 0 ? null : best[index];
  }

  /** The best one with a higher key. */
  @Nullable Claim above(long key) {
    int index = key == Long.MAX_VALUE ? keys.length : firstNotBelow(key + 1);
    return index == keys.length ? null : best[index];
  }

  private int firstNotBelow(long key) {
    int found = Arrays.binarySearch(keys, key);
    if (found < 0) {
      return -found - 1;
    }
    while (found > 0 && keys[found - 1] == key) {
      found--;
    }
    return found;
  }
}
