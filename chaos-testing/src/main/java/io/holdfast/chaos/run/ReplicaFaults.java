// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.embedded.EmbeddedCassandra;
import io.holdfast.embedded.EmbeddedCassandraException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Kills, freezes and restarts replicas, seldom two of three at a time. */
final class ReplicaFaults implements Nemesis.Faults {
  /** Of a hundred kills and freezes so many hit two, and nothing works meanwhile. */
  private static final int OF_TWO = 15;

  private final Replicas replicas;
  private final Nemesis nemesis;

  ReplicaFaults(Replicas replicas, Nemesis nemesis) {
    this.replicas = replicas;
    this.nemesis = nemesis;
  }

  @Override
  public void breakOne(Random random) throws InterruptedException {
    int dice = random.nextInt(10);
    int first = random.nextInt(replicas.count());
    List<Integer> victims = new ArrayList<>(List.of(first));
    if (random.nextInt(100) < OF_TWO && replicas.count() > 1) {
      victims.add((first + 1) % replicas.count());
    }
    if (dice < 4) {
      kill(victims, random);
    } else if (dice < 8) {
      freeze(victims, random);
    } else if (dice < 9) {
      restart(first);
    } else {
      for (int i = 0; i < replicas.count() && !nemesis.isOver(); i++) {
        restart(i);
      }
    }
  }

  private void kill(List<Integer> victims, Random random) throws InterruptedException {
    List<Long> faults = new ArrayList<>();
    for (int victim : victims) {
      faults.add(nemesis.breaking("kill", Replicas.name(victim), ""));
      replicas.node(victim).kill();
    }
    nemesis.hold(random);
    for (int victim : victims) {
      start(replicas.node(victim));
      nemesis.mended(faults.remove(0));
    }
  }

  private void freeze(List<Integer> victims, Random random) throws InterruptedException {
    List<Long> faults = new ArrayList<>();
    for (int victim : victims) {
      faults.add(nemesis.breaking("freeze", Replicas.name(victim), ""));
      replicas.node(victim).pause();
    }
    nemesis.hold(random);
    for (int victim : victims) {
      replicas.node(victim).resume();
      nemesis.mended(faults.remove(0));
    }
  }

  private void restart(int victim) {
    long fault = nemesis.breaking("restart", Replicas.name(victim), "");
    replicas.node(victim).stop();
    start(replicas.node(victim));
    nemesis.mended(fault);
  }

  /** Two that were killed may need each other to start. */
  private static void start(EmbeddedCassandra victim) {
    try {
      victim.restart();
    } catch (EmbeddedCassandraException e) {
      victim.restart();
    }
  }
}
