// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.chaos.history.HistoryWriter;
import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.embedded.EmbeddedCassandraException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Breaks things and mends them again, by a seed: applications on one thread, replicas on another,
 * so that their faults overlap. What it does, and for how long, depends on the seed alone; what it
 * meets does not.
 */
final class Nemesis {
  private static final int REST_MILLIS = 3_000;
  private static final int LONGEST_MILLIS = 12_000;

  /** Of a hundred faults of replicas so many hit two of three, and nothing works meanwhile. */
  private static final int OF_TWO_REPLICAS = 15;

  private final Applications applications;
  private final Replicas replicas;
  private final HistoryWriter history;
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  private Nemesis(Applications applications, Replicas replicas, HistoryWriter history) {
    this.applications = applications;
    this.replicas = replicas;
    this.history = history;
  }

  static Nemesis start(
      Applications applications, Replicas replicas, HistoryWriter history, long seed) {
    Nemesis nemesis = new Nemesis(applications, replicas, history);
    nemesis.run("applications", new Random(seed), nemesis::breakApplication);
    nemesis.run("replicas", new Random(~seed), nemesis::breakReplicas);
    return nemesis;
  }

  private interface Breaker {
    void breakOne(Random random) throws InterruptedException;
  }

  private void run(String what, Random random, Breaker breaker) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!over.await(
                    REST_MILLIS / 3 + random.nextInt(REST_MILLIS), TimeUnit.MILLISECONDS)) {
                  breaker.breakOne(random);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "nemesis-" + what);
    thread.start();
    threads.add(thread);
  }

  /** Until the time is over, or all is. */
  private void hold(Random random) throws InterruptedException {
    over.await(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS);
  }

  private void breakApplication(Random random) throws InterruptedException {
    boolean kill = random.nextInt(3) == 0;
    List<AppProcess> all = applications.running();
    AppProcess victim = all.get(random.nextInt(all.size()));
    if (kill) {
      history.endFault(history.beginFault("kill", victim.name(), ""));
      victim.kill();
      return;
    }
    long fault = history.beginFault("freeze", victim.name(), "");
    victim.freeze();
    hold(random);
    victim.resume();
    history.endFault(fault);
  }

  private void breakReplicas(Random random) throws InterruptedException {
    boolean kill = random.nextInt(3) == 0;
    int first = random.nextInt(Replicas.COUNT);
    List<EmbeddedCassandra> victims = new ArrayList<>();
    victims.add(replicas.nodes().get(first));
    if (random.nextInt(100) < OF_TWO_REPLICAS) {
      victims.add(replicas.nodes().get((first + 1) % Replicas.COUNT));
    }
    List<Long> faults = new ArrayList<>();
    for (EmbeddedCassandra victim : victims) {
      faults.add(
          history.beginFault(
              kill ? "kill" : "freeze", "cassandra-" + (replicas.nodes().indexOf(victim) + 1), ""));
      if (kill) {
        victim.kill();
      } else {
        victim.pause();
      }
    }
    hold(random);
    for (EmbeddedCassandra victim : victims) {
      if (kill) {
        restart(victim);
      } else {
        victim.resume();
      }
      history.endFault(faults.remove(0));
    }
  }

  /** Two that were killed may need each other to start. */
  private static void restart(EmbeddedCassandra victim) {
    try {
      victim.restart();
    } catch (EmbeddedCassandraException e) {
      victim.restart();
    }
  }

  /** Mends everything. */
  void end() throws InterruptedException {
    over.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
