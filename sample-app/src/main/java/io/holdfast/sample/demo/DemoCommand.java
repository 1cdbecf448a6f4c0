// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.CassandraOptions;
import io.holdfast.sample.common.Console;
import io.holdfast.sample.common.DemoVersion;
import io.holdfast.sample.common.Usage;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line: checks what was asked for, and runs it. */
@Command(
    name = "./demo",
    description = {
      "Appends an event log to a Holdfast event store on a cluster of several nodes and a real Cassandra, reads it back from "
          + "other nodes, compares, and shows the five operations.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = DemoVersion.class,
    sortOptions = false,
    usageHelpAutoWidth = false,
    footer = {
      "",
      "Examples:",
      "  ./demo                              a generated order log",
      "  ./demo permits.ndjson.gz            CloudEvents, one JSON object a line",
      "  ./demo --data-folder /tmp/cassandra keep what is stored; run it twice",
      "  ./demo --contact-points 127.0.0.1:9042 --local-datacenter datacenter1",
      "",
      "Other commands: ./demo serve starts a cluster with an API and a page, ./demo node one more node of it; --help says more.",
      "",
      "Exit codes: 0 all streams are stored as the log has them; 1 something differs or failed; 2 wrong usage or a broken log."
    })
public final class DemoCommand implements Callable<Integer> {
  public static final int DIFFERENT = 1;
  public static final int REFUSED = 2;

  private static final String KEYSPACE = "holdfast_demo";
  private static final int MAX_CLIENTS = 1_000;
  private static final int MAX_NODES = 9;
  private static final int MAX_EVENTS = 200_000;

  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = {
        "A log of CloudEvents 1.0 in JSON, one a line, plain or gzip, at most 128 MiB uncompressed. 'subject' is the stream. "
            + "Without a file an order log is generated."
      })
  private @Nullable Path file;

  @Option(
      names = "--skip-broken-lines",
      description = "Leave broken lines of FILE out. Without this a FILE with any is refused.")
  private boolean skipBrokenLines;

  @Option(names = "--events", paramLabel = "N", description = "Events to generate (default: 5000).")
  private @Nullable Integer events;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the generated log (default: 1); the same seed gives the same log.")
  private @Nullable Long seed;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "64",
      description = "Clients that append at once (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Nodes of the cluster (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Mixin private CassandraOptions.OrEmbedded cassandra = new CassandraOptions.OrEmbedded();

  public DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    try {
      return new Demo(console, options()).run() ? 0 : DIFFERENT;
    } catch (RefusedInputException e) {
      console.line("%s", e.getMessage());
      return REFUSED;
    }
  }

  private DemoOptions options() {
    Usage.check(
        spec,
        file == null || (seed == null && events == null),
        "--seed and --events are for the generated log, not for a FILE");
    cassandra.check(spec);
    int eventsToGenerate = events == null ? 5_000 : events;
    checkRange("--events", eventsToGenerate, MAX_EVENTS);
    checkRange("--clients", clients, MAX_CLIENTS);
    checkRange("--nodes", nodes, MAX_NODES);
    return new DemoOptions(
        file,
        skipBrokenLines,
        seed == null ? 1 : seed,
        eventsToGenerate,
        clients,
        nodes,
        Objects.requireNonNullElse(cassandra.keyspace(), KEYSPACE),
        cassandra);
  }

  private void checkRange(String option, int value, int max) {
    Usage.check(
        spec,
        value >= 1 && value <= max,
        "%s is %d; it must be 1 to %d".formatted(option, value, max));
  }
}
