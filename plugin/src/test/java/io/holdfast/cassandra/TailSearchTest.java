// SPDX-License-Identifier: Apache-2.0
package io.holdfast.cassandra;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.fence.Tail;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search against a naive one, over random stores. */
class TailSearchTest {
  /**
   * The rows of one stream: by partition and sequence number, the first sequence number of the
   * row's batch.
   */
  private static final class Store {
    final Partitions partitions;
    final Map<Long, TreeMap<Long, Long>> rows = new TreeMap<>();
    final AtomicInteger reads = new AtomicInteger();
    long highest;

    Store(int partitionSize) {
      partitions = new Partitions(partitionSize);
    }

    void append(int batchSize) {
      long first = highest + 1;
      TreeMap<Long, Long> partition =
          rows.computeIfAbsent(partitions.after(highest), nr -> new TreeMap<>());
      for (int i = 0; i < batchSize; i++) {
        highest++;
        partition.put(highest, first);
      }
    }

    void deleteTo(long sequenceNr) {
      rows.values().forEach(partition -> partition.headMap(sequenceNr, true).clear());
    }

    CompletionStage<Tail> lastOf(long partitionNr) {
      reads.incrementAndGet();
      TreeMap<Long, Long> partition = rows.getOrDefault(partitionNr, new TreeMap<>());
      Map.Entry<Long, Long> last = partition.lastEntry();
      return completedFuture(last == null ? Tail.NONE : new Tail(last.getValue(), last.getKey()));
    }

    Tail naive() {
      Tail tail = Tail.NONE;
      for (TreeMap<Long, Long> partition : rows.values()) {
        Map.Entry<Long, Long> last = partition.lastEntry();
        if (last != null && last.getKey() > tail.sequenceNr()) {
          tail = new Tail(last.getValue(), last.getKey());
        }
      }
      return tail;
    }

    Tail search(long head, long deletedTo) {
      reads.set(0);
      return new TailSearch(partitions, this::lastOf)
          .find(head, deletedTo)
          .toCompletableFuture()
          .join(); // complete already: the store answers at once
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 1_000})
  void findsTheLastBatchOfRandomStreams(int partitionSize) {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      Store store = new Store(partitionSize);
      int batches = random.nextInt(60);
      // The head is the end of a batch, as the protocol has it; so the search sees every one of
      // them.
      long head = 0;
      int headBatch = random.nextInt(batches + 1);
      for (int batch = 0; batch < batches; batch++) {
        if (batch == headBatch) {
          head = store.highest;
        }
        store.append(1 + random.nextInt(Math.min(partitionSize, 20)));
      }
      long deletedTo = random.nextBoolean() ? 0 : random.nextLong(store.highest + 1);
      store.deleteTo(deletedTo);
      Tail expected = store.naive();
      Tail found = store.search(head, deletedTo);
      long settled = Math.max(head, deletedTo);
      if (expected.sequenceNr() > settled) {
        assertThat(found).as("seed %d, round %d", seed, round).isEqualTo(expected);
      } else {
        assertThat(found.sequenceNr())
            .as("seed %d, round %d", seed, round)
            .isLessThanOrEqualTo(settled);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 1_000, 100_000, 1_000_000})
  void readsAFewPartitionsHoweverLongTheStream(long partitionCount) {
    Store store = new Store(1);
    for (long i = 0; i < partitionCount; i++) {
      store.append(1);
    }
    assertThat(store.search(0, 0).sequenceNr()).isEqualTo(partitionCount);
    int bits = 64 - Long.numberOfLeadingZeros(partitionCount);
    assertThat(store.reads.get()).isLessThanOrEqualTo(2 * bits + 2);
  }

  @Test
  void readsOneOrTwoPartitionsWhereTheHeadIsTheEnd() {
    Store store = new Store(10);
    for (int i = 0; i < 100; i++) {
      store.append(7);
    }
    assertThat(store.search(store.highest, 0).sequenceNr()).isLessThanOrEqualTo(store.highest);
    assertThat(store.reads.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void findsNothingInAnEmptyStore() {
    assertThat(new Store(5).search(0, 0)).isEqualTo(Tail.NONE);
    assertThat(new Store(5).search(0, 17)).isEqualTo(Tail.NONE);
  }

  @Test
  void findsRowsAfterADeletionThatDidNotFinish() {
    for (int deletedTo = 1; deletedTo <= 12; deletedTo++) {
      for (int reached = 0; reached <= deletedTo; reached++) {
        Store store = new Store(3);
        for (int i = 0; i < 7; i++) {
          store.append(2);
        }
        store.deleteTo(reached);
        assertThat(store.search(0, deletedTo))
            .as("deletion to %d came to %d", deletedTo, reached)
            .isEqualTo(new Tail(13, 14));
      }
    }
  }
}
