// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Measures cases with all their variants in turn, in interleaved rounds, each variant in a process
 * of its own. For one run.
 */
final class Comparison implements AutoCloseable {
  private static final long POLL_MILLIS = 250;
  private static final int MAX_POLLS = 240;

  /** The first case of a process takes its compiler that much longer to warm up than another. */
  private static final int FRESH_WARM_UPS = 3;

  /** So much warm-up at least, of all cases together: what Cassandra's compiler takes. */
  private static final int WARM_UPS = 24;

  /** Of one core: less is what a Cassandra does that has nothing to do. */
  private static final double IDLE_CORES = 0.2;

  private final Contact cassandra;
  private final Plan plan;
  private final List<ComparedCase> cases;
  private final Set<Variant> variants;
  private final List<String> jvmOptions;
  private final Map<Variant, WorkerProcess> processes = new EnumMap<>(Variant.class);
  private final Results results = new Results();

  /**
   * A comparison that runs once.
   *
   * @param variants to measure, where a case has them
   * @param jvmOptions of their processes, as {@link WorkerProcess} takes them
   */
  Comparison(
      Contact cassandra,
      Plan plan,
      List<ComparedCase> cases,
      Set<Variant> variants,
      List<String> jvmOptions) {
    this.cassandra = cassandra;
    this.plan = plan;
    this.cases = List.copyOf(cases);
    this.variants = variants;
    this.jvmOptions = List.copyOf(jvmOptions);
  }

  Results run() throws Exception {
    long began = System.nanoTime();
    do {
      for (ComparedCase each : cases) {
        for (Variant variant : variantsOf(each)) {
          warmUp(each, variant);
        }
      }
    } while (System.nanoTime() - began < plan.warmUp().multipliedBy(WARM_UPS).toNanos());
    for (int round = 0; round < plan.rounds(); round++) {
      System.err.printf("round %d of %d%n", round + 1, plan.rounds());
      for (ComparedCase each : cases) {
        List<Variant> order = new ArrayList<>(variantsOf(each));
        if (round % 2 == 1) {
          // There and back again: what gets slower with time does so for all.
          Collections.reverse(order);
        }
        for (Variant variant : order) {
          measure(each, variant);
        }
      }
    }
    return results;
  }

  private void warmUp(ComparedCase compared, Variant variant) throws Exception {
    System.err.printf("warm-up: %s, %s%n", compared.name(), variant);
    boolean fresh = !processes.containsKey(variant);
    WorkerProcess process = process(variant);
    process.prepare(compared.load());
    process.measure(
        compared.load(), fresh ? plan.warmUp().multipliedBy(FRESH_WARM_UPS) : plan.warmUp());
  }

  private List<Variant> variantsOf(ComparedCase compared) {
    return compared.variants().stream().filter(variants::contains).toList();
  }

  private void measure(ComparedCase compared, Variant variant) throws Exception {
    awaitIdleCassandra();
    Map<String, Double> figures = process(variant).measure(compared.load(), plan.window()).values();
    StringBuilder line = new StringBuilder();
    figures.forEach(
        (figure, value) -> {
          results.add(compared.name(), figure, variant.toString(), value);
          line.append(String.format(Locale.ROOT, "  %s %,.1f", figure, value));
        });
    System.err.printf("  %-14s %-12s%s%n", compared.name(), variant, line);
  }

  private WorkerProcess process(Variant variant) throws IOException {
    WorkerProcess process = processes.get(variant);
    if (process == null) {
      process =
          WorkerProcess.start(variant, cassandra, variant.toString().replace('-', '_'), jvmOptions);
      processes.put(variant, process);
    }
    return process;
  }

  /** What one variant leaves to be flushed and compacted, is not to be counted as the next's. */
  private void awaitIdleCassandra() throws InterruptedException {
    for (int poll = 0; poll < MAX_POLLS; poll++) {
      CpuTimes before = CpuTimes.now(cassandra.processes());
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      CpuTimes used = CpuTimes.now(cassandra.processes()).minus(before);
      if (used.serverNanos() < IDLE_CORES * TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS)) {
        return;
      }
    }
  }

  @Override
  public void close() {
    processes.values().forEach(WorkerProcess::close);
  }
}
