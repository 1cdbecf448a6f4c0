// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Console;

import java.util.List;

/** The end of a run in a few lines. */
final class Report {
  private static final int SHOWN_DIFFERENCES = 10;
  private static final String INDENT = "            ";

  private final Console console;
  private final EventLog log;
  private final LogAppender.Result appended;
  private final LogVerifier.Result verified;

  Report(Console console, EventLog log, LogAppender.Result appended, LogVerifier.Result verified) {
    this.console = console;
    this.log = log;
    this.appended = appended;
    this.verified = verified;
  }

  void print(int nodes, int clients) {
    appended(nodes, clients);
    alreadyStored();
    conflicts();
    verified(nodes);
  }

  private void appended(int nodes, int clients) {
    AppendStatistics statistics = appended.statistics();
    if (statistics.events() == 0) {
      console.line("Appended    nothing");
      return;
    }
    double seconds = appended.time().toNanos() / 1e9;
    console.line(
        "Appended    %s to %s in %.1f s",
        Console.count(statistics.events(), "event"),
        Console.count(log.streams().size() - appended.conflicts().size(), "stream"),
        seconds);
    console.line(
        "Throughput  %,.0f events a second, through %s from %s at once",
        statistics.events() / seconds,
        Console.count(nodes, "node"),
        Console.count(clients, "client"));
    console.line(
        "Latency     p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
        statistics.latencyMillis(50), statistics.latencyMillis(99), statistics.latencyMillis(100));
    if (statistics.repetitions() > 0) {
      console.line(
          "Repeated    %s, as the store was unavailable or the outcome unknown",
          Console.count(statistics.repetitions(), "attempt"));
    }
  }

  private void alreadyStored() {
    long events = appended.statistics().eventsThereBefore();
    if (events > 0) {
      console.line(
          "There       %s before: imported earlier, known by their ids, and not stored again.",
          Console.count(events, "event"));
      newHome();
    }
  }

  private void newHome() {
    console.line("%sTo append the log anew, name another --keyspace or --data-folder.", INDENT);
  }

  private void conflicts() {
    int count = appended.conflicts().size();
    if (count == 0) {
      return;
    }
    console.line(
        "Conflicts   %,d of %s hold other events, so appends were refused:",
        count, Console.count(log.streams().size(), "stream"));
    console.line("%s%s", INDENT, appended.conflicts().get(0).getMessage());
    newHome();
  }

  private void verified(int nodes) {
    List<StreamDifference> differences = verified.differences();
    String from = nodes == 1 ? "" : " from other nodes";
    if (differences.isEmpty()) {
      console.line(
          "Verified    all %s equal the log, read back%s in %.1f s",
          Console.count(verified.equal(), "stream"), from, verified.time().toNanos() / 1e9);
      return;
    }
    console.line(
        "DIFFERENT   %,d of %s are not as the log has them:",
        differences.size(), Console.count(log.streams().size(), "stream"));
    for (StreamDifference difference :
        differences.subList(0, Math.min(SHOWN_DIFFERENCES, differences.size()))) {
      console.line("%s%s", INDENT, difference);
    }
    if (differences.size() > SHOWN_DIFFERENCES) {
      console.line("%s... and %,d more", INDENT, differences.size() - SHOWN_DIFFERENCES);
    }
  }
}
