// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.history.HistoryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Breaks things and mends them again, by a seed: applications, replicas and links each on a thread
 * of its own, so that their faults overlap. What it does, and for how long, depends on the seed;
 * what it meets does not. Thread-safe.
 */
final class Nemesis {
  private static final int REST_MILLIS = 3_000;
  private static final int LONGEST_MILLIS = 12_000;

  private final HistoryWriter history;
  private final int longestMillis;
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Long, String> broken = new ConcurrentSkipListMap<>();

  /** Faults of one sort. */
  interface Faults {
    /** Breaks something, holds it, and mends it. */
    void breakOne(Random random) throws InterruptedException;
  }

  private Nemesis(HistoryWriter history, Duration length) {
    this.history = history;
    this.longestMillis = (int) Math.min(LONGEST_MILLIS, length.toMillis() / 4);
  }

  /**
   * Begins.
   *
   * @param length of the run: in a short one faults are shorter
   */
  static Nemesis start(
      Applications applications,
      Replicas replicas,
      Links links,
      HistoryWriter history,
      Set<FaultSort> sorts,
      Duration length,
      long seed) {
    Nemesis nemesis = new Nemesis(history, length);
    Random seeds = new Random(seed);
    Map<FaultSort, Faults> all = new EnumMap<>(FaultSort.class);
    all.put(FaultSort.APPLICATIONS, new ApplicationFaults(applications, links, nemesis));
    all.put(FaultSort.REPLICAS, new ReplicaFaults(replicas, nemesis));
    all.put(FaultSort.LINKS, new LinkFaults(applications, replicas.count(), links, nemesis));
    all.forEach(
        (sort, faults) -> {
          long own = seeds.nextLong();
          if (sorts.contains(sort)) {
            nemesis.run(sort.name().toLowerCase(Locale.ROOT), own, faults);
          }
        });
    return nemesis;
  }

  private void run(String name, long seed, Faults faults) {
    Random random = new Random(seed);
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!over.await(
                    REST_MILLIS / 3 + random.nextInt(REST_MILLIS), TimeUnit.MILLISECONDS)) {
                  faults.breakOne(random);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "nemesis-" + name);
    thread.start();
    threads.add(thread);
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Until the time is over, or all is. */
  void hold(Random random) throws InterruptedException {
    pause(random.nextInt(longestMillis) + 1);
  }

  /** As long, unless all is over. */
  void pause(int millis) throws InterruptedException {
    over.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Something is about to be broken; the fault's number, for {@link #mended}. */
  long breaking(String kind, String where, String detail) {
    long fault = history.beginFault(kind, where, detail);
    broken.put(fault, "%s %s %s".formatted(kind, where, detail).strip());
    return fault;
  }

  void mended(long fault) {
    history.endFault(fault);
    broken.remove(fault);
  }

  /** What is broken just now, for people. */
  String broken() {
    return broken.isEmpty() ? "nothing" : String.join("; ", broken.values());
  }

  /** Mends everything. */
  void end() throws InterruptedException {
    over.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
