// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsTest {
  @Test
  void putsABatchWhereItsFirstRowBelongs() {
    Partitions partitions = new Partitions(3);
    assertThat(partitions.after(0)).isZero();
    assertThat(partitions.after(2)).isZero();
    assertThat(partitions.after(3)).isEqualTo(1);
    assertThat(partitions.after(5)).isEqualTo(1);
    assertThat(partitions.after(6)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 100_000})
  void namesEveryPartitionWhereARowMayLie(int size) {
    Partitions partitions = new Partitions(size);
    long end = Math.min(6L * size, 1_000);
    for (long batchFirst = 1; batchFirst <= end; batchFirst++) {
      long partitionNr = partitions.after(batchFirst - 1);
      long longest = batchFirst + Math.min(size, 200) - 1;
      for (long row = batchFirst; row <= longest; row++) {
        assertThat(partitionNr)
            .as("row %d of a batch from %d", row, batchFirst)
            .isBetween(partitions.lowestOf(row), partitions.highestOf(row));
      }
    }
  }

  @Test
  void takesTheHighestNumbersThereAre() {
    Partitions partitions = new Partitions(1);
    assertThat(partitions.highestOf(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE - 1);
    assertThat(partitions.lowestOf(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE - 2);
    assertThat(partitions.lowestOf(1)).isZero();
  }
}
