// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import io.holdfast.chaos.run.ChaosRun;
import io.holdfast.chaos.run.FaultSort;
import io.holdfast.chaos.run.PlantedBug;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs clients under faults, and checks what they were answered. */
@Command(
    name = "run",
    description =
        "Runs clients against applications on three Cassandra nodes, kills and freezes both, and checks the history.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing was found", "1:the history has violations"})
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "2",
      description = "How long, without start and end (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--calm",
      paramLabel = "SECONDS",
      defaultValue = "25",
      description =
          "How long to wait after the faults for requests without answers, before everything is read (default: ${DEFAULT-VALUE}).")
  private int calmSeconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of what clients ask and of what is broken when (default: any).")
  private @Nullable Long seed;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Cassandra nodes, each with all data, 1 to 5; one costs little, and shows less (default: ${DEFAULT-VALUE}).")
  private int replicas;

  @Option(
      names = "--applications",
      paramLabel = "N",
      defaultValue = "3",
      description = "Application processes, 1 to 9 (default: ${DEFAULT-VALUE}).")
  private int applications;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "12",
      description = "Clients of streams (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--actors",
      paramLabel = "N",
      defaultValue = "4",
      description = "Clients with a persistent actor each (default: ${DEFAULT-VALUE}).")
  private int actors;

  @Option(
      names = "--faults",
      paramLabel = "SORT",
      split = ",",
      defaultValue = "applications,replicas,links",
      description = "What is broken: ${COMPLETION-CANDIDATES} (default: all).")
  private Set<FaultSort> faults = Set.of();

  @Option(names = "--no-faults", description = "Breaks nothing, to see what runs without.")
  private boolean noFaults;

  @Option(
      names = "--planted",
      paramLabel = "BUG",
      defaultValue = "none",
      description =
          "A bug for the checker to find: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private PlantedBug planted = PlantedBug.NONE;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "450m",
      description = "Heap of each Cassandra node (default: ${DEFAULT-VALUE}).")
  private String heap = "";

  @Option(
      names = "--set",
      paramLabel = "SETTING",
      description = "A setting of the applications, such as holdfast.journal.fencing=off.")
  private List<String> overrides = List.of();

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "Where the history and the logs go (default: chaos-testing/target/runs/SEED).")
  private @Nullable Path output;

  @Override
  public Integer call() throws Exception {
    if (minutes <= 0
        || replicas < 1
        || replicas > 5
        || applications < 1
        || applications > 9
        || clients < 0
        || actors < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--minutes must be above 0, --calm not below 0, --replicas 1 to 5, --applications 1 to 9, --clients and --actors not below 0");
    }
    PrintWriter out = spec.commandLine().getOut();
    long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
    Path folder =
        output != null
            ? output
            : Path.of(
                System.getProperty("holdfast.chaos.folder", "."), "runs", Long.toString(chosen));
    out.printf("Seed %d%n", chosen);
    Path history =
        ChaosRun.run(
            new ChaosRun.Settings(
                chosen,
                Duration.ofMillis((long) (minutes * 60_000)),
                Duration.ofSeconds(calmSeconds),
                replicas,
                applications,
                clients,
                actors,
                noFaults ? Set.of() : faults,
                planted,
                heap,
                String.join("\n", overrides),
                folder),
            out);
    return spec.parent()
        .commandLine()
        .execute("check", history.toString(), "--json", folder.resolve("verdict.json").toString());
  }
}
