// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import io.holdfast.sample.common.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/** Rounds of failovers on one cluster, and what is printed about them. */
final class Failover {
  private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(3);
  private static final int SHOWN = 10;

  private final Console console;
  private final FailoverCluster cluster;
  private final FailoverOptions options;
  private final ApiClient api = new ApiClient(APPEND_TIMEOUT);
  private final Random random;
  private final String runId;

  /**
   * @param random which node dies
   */
  Failover(Console console, FailoverCluster cluster, FailoverOptions options, Random random) {
    this.console = console;
    this.cluster = cluster;
    this.options = options;
    this.random = random;
    this.runId = "failover" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
  }

  /**
   * Runs each kind of death so many times.
   *
   * @return whether all guarantees held in all rounds
   */
  boolean run(List<Death> deaths, int repeat)
      throws IOException, InterruptedException, TimeoutException {
    int rounds = deaths.size() * repeat;
    int held = 0;
    for (int round = 1; round <= rounds; round++) {
      if (round > 1) {
        cluster.restartEnded();
      }
      Death death = deaths.get((round - 1) % deaths.size());
      held += round(round, rounds, death) ? 1 : 0;
    }
    console.emptyLine();
    console.line(
        "%s  %d of %s held",
        held == rounds ? "HELD  " : "FAILED", held, Console.count(rounds, "round"));
    return held == rounds;
  }

  private boolean round(int round, int rounds, Death death)
      throws IOException, InterruptedException, TimeoutException {
    console.emptyLine();
    console.begin("Round %d of %d: ", round, rounds);
    FailoverResult result =
        new FailoverRound(api, cluster, options).run(runId + "." + round, death, random);
    console.line(
        "%s %s, which hosted %s",
        death.verb(), result.victim(), Console.count(result.shards(), "shard"));
    console.line(
        "Load        %s on %s over HTTP; %s acknowledged before",
        Console.count(result.clients(), "client"),
        Console.count(options.streams(), "stream"),
        Console.count(result.acknowledgedBefore(), "append"));
    console.line("Appends     %s", result.tally());
    console.line(
        "Writable    again after %s s the last of %d streams; %d of them within a second",
        seconds(result.longest()), options.streams(), result.undisturbed());
    if (result.held()) {
      console.line(
          "Verified    every acknowledged event is there, once, in order; read from %d nodes",
          cluster.addresses().size() - 1);
      return true;
    }
    console.line(
        "WRONG       %d events whose fate is unknown; %s:",
        result.tally().unsettled.sum(), Console.count(result.wrong().size(), "finding"));
    result.wrong().stream().limit(SHOWN).forEach(what -> console.line("            %s", what));
    return false;
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1e3);
  }
}
