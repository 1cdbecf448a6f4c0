// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the verdicts of runs say, as tables and drawings of a page. */
public final class ReliabilityPage {
  private static final String BEGIN = "<!-- figures: begin -->\n";
  private static final String END = "<!-- figures: end -->";

  private final List<JsonNode> verdicts;

  /**
   * Of runs.
   *
   * @param verdicts as {@code ./chaos check --json} writes them
   */
  public ReliabilityPage(List<JsonNode> verdicts) {
    this.verdicts = List.copyOf(verdicts);
  }

  /** Replaces the page's part between its marks, and writes drawings into {@code images}. */
  public void write(Path page) throws IOException {
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "page '%s' has no lines '%s' and '%s' to write between"
              .formatted(page, BEGIN.strip(), END));
    }
    Path images = Files.createDirectories(page.resolveSibling("images"));
    StringBuilder part = new StringBuilder();
    List<JsonNode> runs = withPlanted(false);
    appendRuns(part, runs);
    appendFaults(part, runs);
    appendPlanted(part, withPlanted(true));
    if (!runs.isEmpty()) {
      JsonNode drawn = runs.get(runs.size() - 1);
      Files.writeString(images.resolve("reliability-run.svg"), Plot.svg(drawn));
      part.append(
          "\n![Acknowledged appends a second, and what was broken](images/reliability-run.svg)\n");
    }
    Files.writeString(page, text.substring(0, begin + BEGIN.length()) + part + text.substring(end));
  }

  private List<JsonNode> withPlanted(boolean planted) {
    return verdicts.stream().filter(verdict -> isPlanted(verdict) == planted).toList();
  }

  private static boolean isPlanted(JsonNode verdict) {
    return !verdict.at("/settings/planted").asText("NONE").equals("NONE");
  }

  private static long operations(JsonNode verdict, String outcome) {
    long sum = 0;
    for (JsonNode outcomes : verdict.get("operations")) {
      sum += outcomes.path(outcome).asLong();
    }
    return sum;
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static void appendRuns(StringBuilder part, List<JsonNode> runs) {
    part.append("### Runs\n\n");
    part.append(
        "| seed | day | replicas | seconds | acknowledged | conflict or refused | unavailable | unknown | delivered | faults | violations |\n");
    part.append("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (JsonNode run : runs) {
      long delivered = 0;
      for (JsonNode count : run.get("deliveries")) {
        delivered += count.asLong();
      }
      part.append(
          "| %d | %s | %s | %.0f | %s | %s | %s | %s | %s | %d | %d |\n"
              .formatted(
                  run.get("seed").asLong(),
                  run.get("startedAt").asText().substring(0, 10),
                  run.at("/settings/replicas").asText(),
                  run.get("seconds").asDouble(),
                  number(operations(run, "ok")),
                  number(operations(run, "conflict") + operations(run, "refused")),
                  number(operations(run, "unavailable")),
                  number(operations(run, "unknown")),
                  number(delivered),
                  run.get("faultTimes").size(),
                  run.get("violations").size()));
    }
    part.append(
        "\n%s operations were acknowledged in all.\n"
            .formatted(number(runs.stream().mapToLong(run -> operations(run, "ok")).sum())));
  }

  private static void appendFaults(StringBuilder part, List<JsonNode> runs) {
    Map<String, List<Long>> waits = new TreeMap<>();
    for (JsonNode run : runs) {
      for (JsonNode fault : run.get("faultTimes")) {
        String of = fault.get("where").asText().startsWith("cassandra") ? "replica" : "application";
        if (fault.has("acknowledgedAfterMillis")) {
          waits
              .computeIfAbsent(
                  "`%s` of one %s".formatted(fault.get("kind").asText(), of),
                  kind -> new ArrayList<>())
              .add(fault.get("acknowledgedAfterMillis").asLong());
        }
      }
    }
    part.append("\n### Faults\n\n");
    part.append(
        "How long after the beginning of a fault the next append was acknowledged, by whichever application, while other faults lasted.\n\n");
    part.append("| fault | how often | median ms | longest ms |\n|---|---:|---:|---:|\n");
    waits.forEach(
        (kind, millis) -> {
          Collections.sort(millis);
          part.append(
              "| %s | %d | %s | %s |\n"
                  .formatted(
                      kind,
                      millis.size(),
                      number(millis.get(millis.size() / 2)),
                      number(millis.get(millis.size() - 1))));
        });
  }

  private static void appendPlanted(StringBuilder part, List<JsonNode> runs) {
    if (runs.isEmpty()) {
      return;
    }
    part.append("\n### Planted bugs\n\n");
    part.append("| bug | seed | seconds of the run | acknowledged | found |\n");
    part.append("|---|---:|---:|---:|---|\n");
    for (JsonNode run : runs) {
      Map<String, Integer> kinds = new TreeMap<>();
      for (JsonNode violation : run.get("violations")) {
        kinds.merge(violation.get("kind").asText(), violation.get("times").asInt(), Integer::sum);
      }
      List<String> found = new ArrayList<>();
      kinds.forEach((kind, times) -> found.add("`%s` %,d".formatted(kind, times)));
      part.append(
          "| `%s` | %d | %.0f | %s | %s |\n"
              .formatted(
                  run.at("/settings/planted").asText(),
                  run.get("seed").asLong(),
                  run.get("seconds").asDouble(),
                  number(operations(run, "ok")),
                  found.isEmpty() ? "nothing" : String.join(", ", found)));
    }
  }
}
