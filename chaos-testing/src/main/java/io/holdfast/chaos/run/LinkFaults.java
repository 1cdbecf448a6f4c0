// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Cuts one application from others or from replicas, both ways or one way, or makes its ways to the
 * replicas slow.
 */
final class LinkFaults implements Nemesis.Faults {
  private static final int LONGEST_DELAY_MILLIS = 400;

  private final Applications applications;
  private final int replicaCount;
  private final Links links;
  private final Nemesis nemesis;

  LinkFaults(Applications applications, int replicaCount, Links links, Nemesis nemesis) {
    this.applications = applications;
    this.replicaCount = replicaCount;
    this.links = links;
    this.nemesis = nemesis;
  }

  @Override
  public void breakOne(Random random) throws InterruptedException {
    int dice = random.nextInt(10);
    int which = random.nextInt(1_000);
    int other = random.nextInt(1_000);
    List<String> names = applications.running().stream().map(AppProcess::name).toList();
    if (names.isEmpty()) {
      return;
    }
    String victim = names.get(which % names.size());
    List<String> others = names.stream().filter(name -> !name.equals(victim)).toList();
    List<String> replicas = IntStream.range(0, replicaCount).mapToObj(Replicas::name).toList();
    List<String> oneReplica = List.of(replicas.get(other % replicas.size()));
    if (dice < 3) {
      cut("isolate", victim, others, "the other applications", random);
    } else if (dice < 5) {
      cut("isolate", victim, replicas, "all replicas", random);
    } else if (dice < 7) {
      cut("isolate", victim, oneReplica, oneReplica.get(0), random);
    } else if (dice < 8 && !others.isEmpty()) {
      String silent = others.get(other % others.size());
      cut("isolate", victim, List.of(silent), silent, random);
    } else {
      slow(victim, replicas, 1 + random.nextInt(LONGEST_DELAY_MILLIS), random);
    }
  }

  /** Both ways, or only from the victim, or only to it. */
  private void cut(String kind, String victim, List<String> others, String from, Random random)
      throws InterruptedException {
    int directions = random.nextInt(4);
    List<Way> ways = new ArrayList<>();
    for (String other : others) {
      if (directions != 2) {
        ways.add(links.way(victim, other));
      }
      if (directions != 3) {
        ways.add(links.way(other, victim));
      }
    }
    String detail =
        directions == 2
            ? "hears nothing from " + from
            : directions == 3 ? "is not heard by " + from : "from " + from;
    long fault = nemesis.breaking(kind, victim, detail);
    ways.forEach(Way::hold);
    nemesis.hold(random);
    ways.forEach(Way::release);
    nemesis.mended(fault);
  }

  private void slow(String victim, List<String> others, int millis, Random random)
      throws InterruptedException {
    long fault = nemesis.breaking("slow", victim, "%d ms to each replica".formatted(millis));
    others.forEach(other -> links.way(victim, other).slow(millis));
    nemesis.hold(random);
    others.forEach(other -> links.way(victim, other).slow(0));
    nemesis.mended(fault);
  }
}
