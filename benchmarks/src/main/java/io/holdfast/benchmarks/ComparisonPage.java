// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import io.holdfast.benchmarks.report.BarChart;
import io.holdfast.benchmarks.report.GeneratedPart;
import io.holdfast.benchmarks.report.Results;
import io.holdfast.benchmarks.report.Statistics;
import io.holdfast.benchmarks.report.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a comparison found, as drawings and tables of a page. */
final class ComparisonPage {
  /**
   * One drawing.
   *
   * @param parts the figures that its bars are made of
   */
  private record Drawing(String file, String title, List<String> parts) {}

  private static final List<Drawing> DRAWINGS =
      List.of(
          new Drawing(
              "benchmark-rates.svg", "Events a second: more is better", List.of(Figures.RATE)),
          new Drawing(
              "benchmark-latencies.svg",
              "Half of the requests are answered within so many µs: less is better",
              List.of(Figures.P50)),
          new Drawing(
              "benchmark-cpu.svg",
              "Processor time for an event, in µs: less is better",
              List.of(Figures.CLIENT, Figures.SERVER)),
          new Drawing(
              "benchmark-memory.svg",
              "Bytes of memory for a stream: less is better",
              List.of(Figures.ACTIVE)));

  private final Results results;

  ComparisonPage(Results results) {
    this.results = results;
  }

  /** Writes the drawings into the folder {@code images} beside the page, and the page's part. */
  void write(Path page) throws IOException {
    Path images = page.resolveSibling("images");
    Files.createDirectories(images);
    StringBuilder text = new StringBuilder();
    for (Drawing drawing : DRAWINGS) {
      List<BarChart.Group> groups = groups(drawing.parts());
      if (!groups.isEmpty()) {
        List<String> legend = drawing.parts().size() > 1 ? drawing.parts() : List.of();
        Files.writeString(
            images.resolve(drawing.file()), new BarChart(drawing.title(), legend, groups).svg());
        text.append("![%s](images/%s)%n%n".formatted(drawing.title(), drawing.file()));
      }
    }
    results
        .scenarios()
        .forEach(
            (name, variants) ->
                text.append("### `%s`: %s%n%n".formatted(name, description(name)))
                    .append(Tables.markdown(variants))
                    .append('\n'));
    GeneratedPart.replace(page, text.toString().replace("\r\n", "\n"));
  }

  private List<BarChart.Group> groups(List<String> figures) {
    List<BarChart.Group> groups = new ArrayList<>();
    results
        .scenarios()
        .forEach(
            (name, variants) -> {
              List<BarChart.Bar> bars = new ArrayList<>();
              variants.forEach(
                  (variant, values) -> {
                    if (values.containsKey(figures.get(0))) {
                      bars.add(bar(variant, values, figures));
                    }
                  });
              if (!bars.isEmpty()) {
                groups.add(new BarChart.Group(name + ": " + description(name), bars));
              }
            });
    return groups;
  }

  private static BarChart.Bar bar(
      String variant, Map<String, List<Double>> values, List<String> figures) {
    List<Double> parts = new ArrayList<>();
    double low = 0;
    double high = 0;
    for (String figure : figures) {
      List<Double> rounds = values.getOrDefault(figure, List.of(0.0));
      parts.add(Statistics.median(rounds));
      low += rounds.stream().mapToDouble(Double::doubleValue).min().orElse(0);
      high += rounds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }
    String text =
        String.join(
            " + ",
            parts.stream()
                .map(part -> String.format(Locale.ROOT, part < 100 ? "%,.1f" : "%,.0f", part))
                .toList());
    return new BarChart.Bar(variant, parts, low, high, colour(variant), text);
  }

  private static String colour(String variant) {
    return Variant.of(variant).colour();
  }

  private static String description(String scenario) {
    return ComparedCase.named(scenario).description();
  }
}
