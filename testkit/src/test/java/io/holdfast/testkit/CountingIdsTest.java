// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CountingIdsTest {
  private final CountingIds ids = new CountingIds();

  @Test
  void countsFromOne() {
    assertThat(List.of(ids.nextId(), ids.nextId(), ids.nextId()))
        .containsExactly("id-1", "id-2", "id-3");
    assertThat(new CountingIds().nextId()).isEqualTo("id-1");
  }

  @Test
  void drawsNoIdTwiceForManyThreads() {
    assertThat(IntStream.range(0, 1000).parallel().mapToObj(i -> ids.nextId()).distinct())
        .hasSize(1000);
  }
}
