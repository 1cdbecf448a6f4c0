// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A set of numbers, kept as ranges without overlap or contact. Immutable.
 *
 * @param ranges the last number of each range, by its first
 */
record NumberRanges(NavigableMap<Long, Long> ranges) {
  static final NumberRanges EMPTY = new NumberRanges(new TreeMap<>());

  boolean contains(long number) {
    Map.Entry<Long, Long> range = ranges.floorEntry(number);
    return range != null && number <= range.getValue();
  }

  /** The lowest number that is not below the given one. */
  OptionalLong ceiling(long number) {
    if (contains(number)) {
      return OptionalLong.of(number);
    }
    Long first = ranges.higherKey(number);
    return first == null ? OptionalLong.empty() : OptionalLong.of(first);
  }

  /** With further numbers, of which none is in the set yet. */
  NumberRanges with(long first, long last) {
    if (first > last) {
      return this;
    }
    TreeMap<Long, Long> more = new TreeMap<>(ranges);
    Map.Entry<Long, Long> before = more.lowerEntry(first);
    boolean joinsBefore = before != null && before.getValue() == first - 1;
    Long joined = more.remove(last + 1);
    more.put(joinsBefore ? before.getKey() : first, joined == null ? last : joined);
    return new NumberRanges(more);
  }

  NumberRanges without(long number) {
    if (!contains(number)) {
      return this;
    }
    TreeMap<Long, Long> less = new TreeMap<>(ranges);
    Map.Entry<Long, Long> range = less.floorEntry(number);
    less.remove(range.getKey());
    if (range.getKey() < number) {
      less.put(range.getKey(), number - 1);
    }
    if (number < range.getValue()) {
      less.put(number + 1, range.getValue());
    }
    return new NumberRanges(less);
  }
}
