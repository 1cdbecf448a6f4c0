// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Figures of all rounds, by scenario, figure and variant, in the order of their coming. */
final class Results {
  private record Row(String scenario, String figure) {}

  private final Map<Row, Map<String, List<Double>>> rows = new LinkedHashMap<>();

  void add(String scenario, String figure, String variant, double value) {
    rows.computeIfAbsent(new Row(scenario, figure), row -> new LinkedHashMap<>())
        .computeIfAbsent(variant, name -> new ArrayList<>())
        .add(value);
  }

  /** The median and the 99th percentile, in microseconds. */
  void addLatency(String scenario, String variant, Measurement measurement) {
    add(scenario, "p50 µs", variant, measurement.percentile(50));
    add(scenario, "p99 µs", variant, measurement.percentile(99));
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The median of the rounds' own ratios: what slows a round down slows both of it down. */
  static double ratio(List<Double> values, List<Double> base) {
    return median(
        IntStream.range(0, values.size()).mapToObj(i -> values.get(i) / base.get(i)).toList());
  }

  /** Medians of all variants, and the ratio of the first to the second where there are two. */
  String table() {
    int width = rows.keySet().stream().mapToInt(row -> row.scenario().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    rows.forEach(
        (row, variants) -> {
          text.append(
              String.format(
                  Locale.ROOT, "%-" + (width + 1) + "s%-9s", row.scenario(), row.figure()));
          variants.forEach(
              (name, values) ->
                  text.append(
                      String.format(Locale.ROOT, "  %s %9s", name, number(median(values)))));
          List<List<Double>> all = List.copyOf(variants.values());
          if (all.size() == 2) {
            text.append(String.format(Locale.ROOT, "  ratio %.2f", ratio(all.get(0), all.get(1))));
          }
          text.append(System.lineSeparator());
        });
    return text.toString();
  }

  /**
   * A block for each scenario: a line for each variant with its medians, and one for each ratio of
   * the first variant to another.
   */
  String blocks() {
    Map<String, Map<String, Map<String, List<Double>>>> scenarios = new LinkedHashMap<>();
    rows.forEach(
        (row, variants) ->
            variants.forEach(
                (variant, values) ->
                    scenarios
                        .computeIfAbsent(row.scenario(), name -> new LinkedHashMap<>())
                        .computeIfAbsent(variant, name -> new LinkedHashMap<>())
                        .put(row.figure(), values)));
    StringBuilder text = new StringBuilder();
    scenarios.forEach((scenario, variants) -> appendBlock(text, scenario, variants));
    return text.toString();
  }

  private static void appendBlock(
      StringBuilder text, String scenario, Map<String, Map<String, List<Double>>> variants) {
    Map.Entry<String, Map<String, List<Double>>> first = variants.entrySet().iterator().next();
    text.append(String.format(Locale.ROOT, "%-26s", scenario));
    first
        .getValue()
        .keySet()
        .forEach(figure -> text.append(String.format(Locale.ROOT, "%16s", figure)));
    text.append('\n');
    variants.forEach(
        (variant, figures) -> {
          text.append(String.format(Locale.ROOT, "  %-24s", variant));
          figures
              .values()
              .forEach(
                  values ->
                      text.append(String.format(Locale.ROOT, "%16s", number(median(values)))));
          text.append('\n');
        });
    variants.forEach(
        (variant, figures) -> {
          if (!variant.equals(first.getKey())) {
            text.append(String.format(Locale.ROOT, "  %-24s", first.getKey() + " : " + variant));
            first
                .getValue()
                .forEach(
                    (figure, values) -> {
                      List<Double> base = figures.get(figure);
                      text.append(
                          base == null
                              ? " ".repeat(16)
                              : String.format(Locale.ROOT, "%16.2f", ratio(values, base)));
                    });
            text.append('\n');
          }
        });
    text.append('\n');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%,.1f" : "%,.0f", value);
  }

  /**
   * Writes all rounds.
   *
   * @param run what was measured, and how
   */
  void writeJson(Path file, Map<String, Object> run) throws IOException {
    List<Map<String, Object>> figures = new ArrayList<>();
    rows.forEach(
        (row, variants) ->
            variants.forEach(
                (name, values) -> {
                  Map<String, Object> figure = new LinkedHashMap<>();
                  figure.put("scenario", row.scenario());
                  figure.put("figure", row.figure());
                  figure.put("variant", name);
                  figure.put("median", median(values));
                  figure.put("rounds", values);
                  figures.add(figure);
                }));
    Map<String, Object> all = new LinkedHashMap<>(run);
    all.put("java", System.getProperty("java.vm.version"));
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("figures", figures);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
  }
}
