// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Results as tables: the medians of all rounds, and ratios. */
public final class Tables {
  private Tables() {}

  /**
   * A line for each figure of a scenario, with all variants beside each other, and the ratio of the
   * first to the second where there are two.
   */
  public static String lines(Results results) {
    int width = results.scenarios().keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    results
        .scenarios()
        .forEach(
            (scenario, variants) -> {
              for (String figure : figuresOf(variants)) {
                text.append(pad(scenario, width + 1)).append(pad(figure, 9));
                Map<String, List<Double>> all = new LinkedHashMap<>();
                variants.forEach(
                    (variant, figures) -> {
                      List<Double> values = figures.get(figure);
                      if (values != null) {
                        all.put(variant, values);
                        text.append("  %s %9s".formatted(variant, median(values)));
                      }
                    });
                List<List<Double>> values = List.copyOf(all.values());
                if (values.size() == 2) {
                  text.append("  ratio ").append(ratio(values.get(0), values.get(1)));
                }
                text.append(System.lineSeparator());
              }
            });
    return text.toString();
  }

  /**
   * A block for each scenario: a line for each variant, and one for each ratio of the first variant
   * to another.
   */
  public static String blocks(Results results) {
    StringBuilder text = new StringBuilder();
    results
        .scenarios()
        .forEach(
            (scenario, variants) -> {
              Set<String> figures = figuresOf(variants);
              text.append(pad(scenario, 34));
              figures.forEach(figure -> text.append("%16s".formatted(figure)));
              text.append(System.lineSeparator());
              rows(variants, figures)
                  .forEach(
                      (name, cells) -> {
                        text.append("  ").append(pad(name, 32));
                        cells.forEach(cell -> text.append("%16s".formatted(cell)));
                        text.append(System.lineSeparator());
                      });
              text.append(System.lineSeparator());
            });
    return text.toString();
  }

  /** The same block of one scenario in Markdown. */
  public static String markdown(Map<String, Map<String, List<Double>>> variants) {
    Set<String> figures = figuresOf(variants);
    StringBuilder text = new StringBuilder("| |");
    figures.forEach(figure -> text.append(" %s |".formatted(figure)));
    text.append("\n|---|").append("---:|".repeat(figures.size())).append('\n');
    rows(variants, figures)
        .forEach(
            (name, cells) -> {
              text.append("| %s |".formatted(name));
              cells.forEach(cell -> text.append(" %s |".formatted(cell)));
              text.append('\n');
            });
    return text.toString();
  }

  private static Set<String> figuresOf(Map<String, Map<String, List<Double>>> variants) {
    Set<String> figures = new LinkedHashSet<>();
    variants.values().forEach(rows -> figures.addAll(rows.keySet()));
    return figures;
  }

  /** By their names; a cell for each figure. */
  private static Map<String, List<String>> rows(
      Map<String, Map<String, List<Double>>> variants, Set<String> figures) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    variants.forEach(
        (variant, values) ->
            rows.put(
                variant,
                figures.stream()
                    .map(figure -> median(values.getOrDefault(figure, List.of())))
                    .toList()));
    String first = variants.keySet().iterator().next();
    Map<String, List<Double>> own = variants.getOrDefault(first, Map.of());
    variants.forEach(
        (variant, values) -> {
          if (!variant.equals(first)) {
            rows.put(
                first + " : " + variant,
                figures.stream()
                    .map(
                        figure ->
                            ratio(
                                own.getOrDefault(figure, List.of()),
                                values.getOrDefault(figure, List.of())))
                    .toList());
          }
        });
    return rows;
  }

  private static String median(List<Double> values) {
    return values.isEmpty() ? "" : number(Statistics.median(values));
  }

  private static String ratio(List<Double> values, List<Double> base) {
    return values.isEmpty() || values.size() != base.size()
        ? ""
        : String.format(Locale.ROOT, "%.2f", Statistics.ratio(values, base));
  }

  /** Rounded to what it can be trusted to. */
  static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%,.1f" : "%,.0f", value);
  }

  private static String pad(String text, int width) {
    return String.format(Locale.ROOT, "%-" + width + "s", text);
  }
}
