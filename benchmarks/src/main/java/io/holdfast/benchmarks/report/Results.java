// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures of all rounds, by scenario, variant and figure, in the order of their coming. Not
 * thread-safe.
 */
public final class Results {
  private final Map<String, Map<String, Map<String, List<Double>>>> scenarios =
      new LinkedHashMap<>();

  /** One more round's. */
  public void add(String scenario, String figure, String variant, double value) {
    scenarios
        .computeIfAbsent(scenario, name -> new LinkedHashMap<>())
        .computeIfAbsent(variant, name -> new LinkedHashMap<>())
        .computeIfAbsent(figure, name -> new ArrayList<>())
        .add(value);
  }

  /** The scenarios, each with its variants, each with its figures, each with its rounds. */
  public Map<String, Map<String, Map<String, List<Double>>>> scenarios() {
    return scenarios;
  }

  /**
   * Writes all rounds.
   *
   * @param run what was measured, and how
   */
  public void writeJson(Path file, Map<String, Object> run) throws IOException {
    List<Map<String, Object>> figures = new ArrayList<>();
    scenarios.forEach(
        (scenario, variants) ->
            variants.forEach(
                (variant, rows) ->
                    rows.forEach(
                        (name, values) -> {
                          Map<String, Object> figure = new LinkedHashMap<>();
                          figure.put("scenario", scenario);
                          figure.put("figure", name);
                          figure.put("variant", variant);
                          figure.put("median", Statistics.median(values));
                          figure.put("rounds", values);
                          figures.add(figure);
                        })));
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

  /**
   * Reads what {@link #writeJson} has written. Of a scenario that several files have, the last
   * file's figures count.
   */
  public static Results readJson(List<Path> files) throws IOException {
    Results all = new Results();
    for (Path file : files) {
      Results one = new Results();
      for (JsonNode figure : new ObjectMapper().readTree(file.toFile()).path("figures")) {
        for (JsonNode round : figure.path("rounds")) {
          one.add(
              figure.path("scenario").asText(),
              figure.path("figure").asText(),
              figure.path("variant").asText(),
              round.asDouble());
        }
      }
      all.scenarios.putAll(one.scenarios);
    }
    return all;
  }
}
