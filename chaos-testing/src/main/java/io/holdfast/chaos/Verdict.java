// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.chaos.checker.Op;
import io.holdfast.chaos.checker.Report;
import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.history.HistoryRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a check has found, for people and as JSON.
 *
 * @param drawings of the first violations
 */
record Verdict(Path history, Report report, List<Path> drawings) {
  private static final List<String> OUTCOMES =
      List.of("ok", "conflict", "refused", "unavailable", "unknown");

  void print(PrintWriter out) {
    HistoryRecord.Header header = report.history().header();
    out.printf("History: %s%n", history);
    out.printf(
        "  seed %d, started %s, %.1f s, %,d streams%n",
        header.seed(),
        header.startedAt(),
        report.history().lastAt() / 1e9,
        report.history().streams().size());
    printOperations(out);
    if (!report.deliveries().isEmpty()) {
      out.printf("Deliveries: %s%n", counts(report.deliveries()));
    }
    if (!report.faults().isEmpty()) {
      out.printf("Faults: %s%n", counts(report.faults()));
    }
    report.notices().forEach(notice -> out.printf("Note: %s%n", notice));
    printVerdict(out);
  }

  private void printOperations(PrintWriter out) {
    out.printf("%-14s", "Operations");
    OUTCOMES.forEach(outcome -> out.printf("%13s", outcome));
    out.println();
    report
        .operations()
        .forEach(
            (kind, counts) -> {
              out.printf("  %-12s", kind);
              OUTCOMES.forEach(outcome -> out.printf("%,13d", counts.getOrDefault(outcome, 0L)));
              out.println();
            });
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private void printVerdict(PrintWriter out) {
    if (report.violations().isEmpty()) {
      out.printf(
          "Verdict: nothing found in %,d operations, %,d of them acknowledged.%n",
          report.total(), report.total("ok"));
      return;
    }
    out.printf(
        "Verdict: %,d violations in %,d operations.%n", report.violations().size(), report.total());
    for (int i = 0; i < report.violations().size() && i < Math.max(20, drawings.size()); i++) {
      Violation violation = report.violations().get(i);
      out.printf(
          "  %s in stream '%s'%s. %s%n    %s%n",
          violation.kind(),
          violation.stream(),
          violation.repetitions() > 1 ? ", %,d times".formatted(violation.repetitions()) : "",
          violation.kind().meaning(),
          violation.text());
      if (i < drawings.size()) {
        out.printf("    Look at %s%n", drawings.get(i));
      }
    }
  }

  void write(Path file) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("history", history.toString());
    json.put("seed", report.history().header().seed());
    json.put("startedAt", report.history().header().startedAt());
    json.put("settings", report.history().header().settings());
    json.put("seconds", report.history().lastAt() / 1e9);
    json.put("streams", report.history().streams().size());
    json.put("operations", report.operations());
    json.put("deliveries", report.deliveries());
    json.put("faults", report.faults());
    Availability availability = new Availability(report.history());
    json.put("acknowledgedPerSecond", availability.perSecond());
    json.put("faultTimes", availability.faults());
    json.put("notices", report.notices());
    json.put("violations", violations());
    JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json);
  }

  private List<Map<String, Object>> violations() {
    List<Map<String, Object>> violations = new ArrayList<>();
    for (Violation violation : report.violations()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("kind", violation.kind());
      json.put("stream", violation.stream());
      json.put("text", violation.text());
      json.put("times", violation.repetitions());
      json.put(
          "operations",
          violation.evidence().stream()
              .filter(Op.class::isInstance)
              .map(one -> ((Op) one).number())
              .toList());
      if (violations.size() < drawings.size()) {
        json.put("drawing", drawings.get(violations.size()).toString());
      }
      violations.add(json);
    }
    return violations;
  }
}
