// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import io.holdfast.benchmarks.report.Tables;
import io.holdfast.embedded.EmbeddedCassandra;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holdfast beside its peer, Pekko's journal in memory and the bare driver. */
@Command(
    name = "compare",
    description =
        "Holdfast beside pekko-persistence-cassandra, Pekko's journal in memory and the bare driver, in turn on one Cassandra.",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--cases",
      paramLabel = "CASE",
      split = ",",
      description =
          "What to measure: any of ${COMPLETION-CANDIDATES} (default: all but activate-1000000).",
      completionCandidates = CaseNames.class)
  private List<String> cases = ComparedCase.defaultNames();

  @Option(
      names = "--only",
      paramLabel = "VARIANT",
      split = ",",
      description = "Whom to measure: any of ${COMPLETION-CANDIDATES} (default: all).")
  private Set<Variant> variants = EnumSet.allOf(Variant.class);

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description =
          "One more option for the JVM of each variant, such as a profiler's; %%v stands for the variant's name.")
  private List<String> jvmOptions = List.of();

  /** For the help. */
  static final class CaseNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    CaseNames() {
      super(ComparedCase.names());
    }
  }

  @Override
  public Integer call() throws Exception {
    List<ComparedCase> compared = cases.stream().map(ComparedCase::named).toList();
    try (EmbeddedCassandra cassandra = EmbeddedCassandra.builder().heap("2g").start();
        Comparison comparison =
            new Comparison(
                HoldfastNode.contact(cassandra), options.plan(), compared, variants, jvmOptions)) {
      Results results = comparison.run();
      options.report("compare", results, Tables.blocks(results), Map.of("cases", cases));
    }
    return 0;
  }
}
