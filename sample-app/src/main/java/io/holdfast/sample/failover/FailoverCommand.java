// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import io.holdfast.sample.cluster.LocalCluster;
import io.holdfast.sample.common.CassandraAccess;
import io.holdfast.sample.common.Console;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Kills or freezes a node under load, and looks for every acknowledged event. */
@Command(
    name = "failover",
    description = {
      "Starts a Cassandra and three nodes, appends to many streams over HTTP, kills or freezes a"
          + " node, and reports how long streams waited and whether every acknowledged event is"
          + " there, once, in order.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = false,
    footer = {
      "",
      "Exit codes: 0 everything held, in each round; 1 something did not; 2 wrong usage."
    })
public final class FailoverCommand implements Callable<Integer> {
  private static final int NODES = 3;
  private static final int FAILED = 1;
  private static final int MAX_REPEAT = 1_000;
  private static final int MAX_STREAMS = 1_000;
  private static final int MAX_SECONDS = 3_600;

  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  /** What is done to a node. */
  enum Kind {
    kill(Death.KILL),
    freeze(Death.FREEZE),
    both(Death.KILL, Death.FREEZE);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Death> deaths;

    Kind(Death... deaths) {
      this.deaths = List.of(deaths);
    }
  }

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "both",
      description =
          "kill (kill -9), freeze (SIGSTOP until the others have removed it, then SIGCONT), or both"
              + " (default).")
  private Kind kind = Kind.both;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rounds of each kind (default: ${DEFAULT-VALUE}).")
  private int repeat;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "48",
      description =
          "Streams; each has a client, and every fourth a second one (default: ${DEFAULT-VALUE}).")
  private int streams;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Seconds of load before the node dies, and after all streams are writable again (default:"
              + " ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides which node dies in which round; printed, to repeat a run.")
  private @Nullable Long seed;

  public FailoverCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    checkRange("--repeat", repeat, MAX_REPEAT);
    checkRange("--streams", streams, MAX_STREAMS);
    checkRange("--seconds", seconds, MAX_SECONDS);
    long chosen = seed == null ? System.nanoTime() % 1_000_000 : seed;
    FailoverOptions options =
        new FailoverOptions(streams, Duration.ofSeconds(seconds), Duration.ofSeconds(seconds));
    console.begin("Cassandra   starting ... ");
    try (CassandraAccess cassandra = CassandraAccess.start(null)) {
      console.line("%s", cassandra.describe());
      console.begin("Cluster     starting %s ... ", Console.count(NODES, "node"));
      try (LocalCluster nodes = LocalCluster.start(LocalCluster.Settings.of(NODES, 0, cassandra))) {
        Thread atTheEnd = new Thread(nodes::close, "stop-nodes");
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        FailoverCluster cluster = new FailoverCluster(nodes, nodes.awaitReady());
        console.line("up; --seed %d", chosen);
        Failover failover = new Failover(console, cluster, options, new Random(chosen));
        return failover.run(kind.deaths, repeat) ? 0 : FAILED;
      }
    }
  }

  private void checkRange(String option, int value, int max) {
    if (spec != null && (value < 1 || value > max)) {
      throw new ParameterException(
          spec.commandLine(), "%s is %d; it must be 1 to %d".formatted(option, value, max));
    }
  }
}
