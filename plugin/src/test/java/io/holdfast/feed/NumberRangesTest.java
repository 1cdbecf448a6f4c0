// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NumberRangesTest {
  private static final int MAX = 30;

  @Test
  void isTheSetOfItsNumbers() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      NumberRanges ranges = NumberRanges.EMPTY;
      TreeSet<Long> numbers = new TreeSet<>();
      for (int i = 0; i < 60; i++) {
        long first = 1L + random.nextInt(MAX);
        long last = first + random.nextInt(4);
        if (random.nextBoolean()) {
          ranges = ranges.without(first);
          numbers.remove(first);
        } else if (numbers.subSet(first, last + 1).isEmpty()) {
          ranges = ranges.with(first, last);
          LongStream.rangeClosed(first, last).forEach(numbers::add);
        }
        assertSame(ranges, numbers, "seed " + seed);
      }
    }
  }

  private static void assertSame(NumberRanges ranges, NavigableSet<Long> numbers, String seed) {
    for (long number = 0; number <= MAX + 5; number++) {
      Long next = numbers.ceiling(number);
      assertThat(ranges.contains(number)).as(seed).isEqualTo(numbers.contains(number));
      assertThat(ranges.ceiling(number).orElse(0)).as(seed).isEqualTo(next == null ? 0 : next);
    }
    long joined = numbers.stream().filter(number -> !numbers.contains(number - 1)).count();
    assertThat(ranges.ranges()).as(seed).hasSize((int) joined);
  }

  @Test
  void takesNoNumbersFromNowhereToThere() {
    assertThat(NumberRanges.EMPTY.with(5, 4)).isEqualTo(NumberRanges.EMPTY);
    assertThat(NumberRanges.EMPTY.without(4)).isEqualTo(NumberRanges.EMPTY);
  }
}
