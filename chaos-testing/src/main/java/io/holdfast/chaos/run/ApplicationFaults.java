// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Kills, freezes and restarts applications, cuts frozen ones off, and moves their clocks. */
final class ApplicationFaults implements Nemesis.Faults {
  private static final int POLL_MILLIS = 100;

  /** That long it waits for all to be of use before it breaks the next. */
  private static final long RECOVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int LONG_FREEZE_MILLIS = 25_000;

  /** Requests of that time wait for a frozen one that is cut off then. */
  private static final int BEFORE_CUT_MILLIS = 2_000;

  private static final int LONGEST_SHIFT_SECONDS = 3_600;

  private final Applications applications;
  private final Links links;
  private final Nemesis nemesis;

  ApplicationFaults(Applications applications, Links links, Nemesis nemesis) {
    this.applications = applications;
    this.links = links;
    this.nemesis = nemesis;
  }

  @Override
  public void breakOne(Random random) throws InterruptedException {
    int dice = random.nextInt(14);
    int which = random.nextInt(1_000);
    awaitRecovery();
    List<AppProcess> all = applications.running();
    if (nemesis.isOver() || all.isEmpty()) {
      return;
    }
    AppProcess victim = all.get(which % all.size());
    if (dice < 3) {
      nemesis.mended(nemesis.breaking("kill", victim.name(), ""));
      victim.kill();
    } else if (dice < 7) {
      freeze(victim, random);
    } else if (dice < 9) {
      stop(victim);
    } else if (dice < 10) {
      for (AppProcess each : all) {
        stop(each);
        awaitRecovery();
      }
    } else if (dice < 12) {
      shiftClock(victim, random);
    } else {
      freezeAndCutOff(victim, all, random);
    }
  }

  private void awaitRecovery() throws InterruptedException {
    long limit = System.nanoTime() + RECOVERY_NANOS;
    while (!applications.allAreOfUse() && !nemesis.isOver() && System.nanoTime() < limit) {
      nemesis.pause(POLL_MILLIS);
    }
  }

  /** As a long garbage collection does, or a virtual machine that is moved. */
  private void freeze(AppProcess victim, Random random) throws InterruptedException {
    long fault = nemesis.breaking("freeze", victim.name(), "");
    victim.freeze();
    if (random.nextInt(5) == 0) {
      nemesis.pause(LONG_FREEZE_MILLIS);
    } else {
      nemesis.hold(random);
    }
    victim.resume();
    nemesis.mended(fault);
  }

  /**
   * When it goes on it has requests to do, and does not hear that the others have removed it and do
   * its work.
   */
  private void freezeAndCutOff(AppProcess victim, List<AppProcess> all, Random random)
      throws InterruptedException {
    List<Way> ways = new ArrayList<>();
    for (AppProcess other : all) {
      if (!other.equals(victim)) {
        ways.add(links.way(other.name(), victim.name()));
        ways.add(links.way(victim.name(), other.name()));
      }
    }
    long fault = nemesis.breaking("freeze", victim.name(), "");
    victim.freeze();
    nemesis.pause(BEFORE_CUT_MILLIS);
    long cut = nemesis.breaking("isolate", victim.name(), "from the other applications");
    ways.forEach(Way::hold);
    nemesis.pause(LONG_FREEZE_MILLIS);
    victim.resume();
    nemesis.mended(fault);
    nemesis.hold(random);
    ways.forEach(Way::release);
    nemesis.mended(cut);
  }

  private void stop(AppProcess victim) {
    nemesis.mended(nemesis.breaking("restart", victim.name(), ""));
    victim.terminate();
  }

  private void shiftClock(AppProcess victim, Random random) throws InterruptedException {
    long seconds = 1L + random.nextInt(LONGEST_SHIFT_SECONDS);
    long ahead = 1_000L * (random.nextBoolean() ? seconds : -seconds);
    long fault = nemesis.breaking("clock", victim.name(), "%+d ms".formatted(ahead));
    victim.shiftClock(ahead);
    nemesis.hold(random);
    victim.shiftClock(0);
    nemesis.mended(fault);
  }
}
