// SPDX-License-Identifier: Apache-2.0
package io.holdfast.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SeenTokensTest {
  private final SeenTokens seen = new SeenTokens();

  private List<Long> newIn(long... listing) {
    List<Long> found = new ArrayList<>();
    for (long token : listing) {
      if (seen.isNew(token)) {
        found.add(token);
      }
    }
    seen.beginAgain();
    return found;
  }

  @Test
  void tellsWhatWasNotListedBefore() {
    assertThat(newIn(-5, 3, 9)).containsExactly(-5L, 3L, 9L);
    assertThat(newIn(-5, 3, 9)).isEmpty();
    assertThat(newIn(Long.MIN_VALUE + 1, -5, 4, 9, Long.MAX_VALUE))
        .containsExactly(Long.MIN_VALUE + 1, 4L, Long.MAX_VALUE);
  }

  @Test
  void countsTokensThatTwoShare() {
    assertThat(newIn(1, 2)).hasSize(2);
    assertThat(newIn(1, 2, 2)).containsExactly(2L);
    assertThat(newIn(1, 2, 2)).isEmpty();
  }

  @Test
  void takesAnyNumber() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    TreeSet<Long> tokens = new TreeSet<>();
    while (tokens.size() < 10_000) {
      tokens.add(random.nextLong());
    }
    long[] listing = tokens.stream().mapToLong(Long::longValue).toArray();
    assertThat(newIn(listing)).hasSize(10_000);
    assertThat(newIn(listing)).isEmpty();
  }
}
