// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard and the alerts ask only for series that a node really has. */
class DashboardAndAlertsTest {
  private static final Pattern SERIES =
      Pattern.compile(
          "\\b((?:holdfast|pekko|jvm|process|system|logback|http)_[a-z0-9_]+)(?:\\{([^}]*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=~?\"([^\"]*)\"");

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "dashboard-and-alerts",
          // A node ends its process with its system.
          ConfigFactory.parseString("pekko.coordinated-shutdown.exit-jvm = off")
              .withFallback(ConfigFactory.load()));
  private static List<String> scraped = List.of();

  @BeforeAll
  @SuppressWarnings("CallToSystemGC") // the pauses' meters come with the first pause
  static void scrape() {
    NodeMetrics metrics = NodeMetrics.start(SYSTEM);
    System.gc();
    await().until(() -> metrics.scrape().contains("jvm_gc_pause_seconds"));
    scraped = metrics.scrape().lines().filter(line -> !line.startsWith("#")).toList();
  }

  @AfterAll
  static void terminate() {
    SYSTEM.terminate();
  }

  @ParameterizedTest
  @CsvSource({"grafana/holdfast.json, 40", "prometheus/holdfast-alerts.yml, 15"})
  void asksForSeriesThatExist(String file, int atLeast) throws IOException {
    List<String> queries = queries(file);
    assertThat(queries).hasSizeGreaterThanOrEqualTo(atLeast);
    for (String query : queries) {
      assertThat(missing(query)).as("series that no node has, in: %s", query).isEmpty();
    }
  }

  @Test
  void findsSeriesThatDoNotExist() {
    assertThat(missing("rate(holdfast_eventstore_appends_count[5m])"))
        .containsExactly("holdfast_eventstore_appends_count{}");
    assertThat(missing("holdfast_journal_writes_seconds_count{outcome=\"conflict\",job=\"x\"}"))
        .containsExactly("holdfast_journal_writes_seconds_count{outcome=\"conflict\"}");
    assertThat(missing("up / jvm_memory_used_bytes{area=~\"heap|stack\"}"))
        .containsExactly("jvm_memory_used_bytes{area=\"stack\"}");
  }

  private static List<String> queries(String file) throws IOException {
    JsonNode root = new YAMLMapper().readTree(Path.of("..", "deploy").resolve(file).toFile());
    List<String> queries = new ArrayList<>(root.findValuesAsText("expr"));
    root.findValuesAsText("definition").forEach(queries::add);
    return queries;
  }

  private static List<String> missing(String query) {
    List<String> missing = new ArrayList<>();
    for (MatchResult series : SERIES.matcher(query).results().toList()) {
      String labels = series.group(2) == null ? "" : series.group(2);
      List<MatchResult> asked =
          LABEL
              .matcher(labels)
              .results()
              .filter(label -> !label.group(1).equals("job") && !label.group(1).equals("instance"))
              .toList();
      if (asked.isEmpty()) {
        addIfMissing(missing, series.group(1), "");
      }
      for (MatchResult label : asked) {
        for (String value : label.group(2).split("\\|", -1)) {
          addIfMissing(missing, series.group(1), label.group(1) + "=\"" + value + "\"");
        }
      }
    }
    return missing;
  }

  private static void addIfMissing(List<String> missing, String name, String label) {
    boolean there =
        scraped.stream()
            .anyMatch(
                line ->
                    (line.startsWith(name + "{") || line.startsWith(name + " "))
                        && line.contains(label));
    if (!there) {
      missing.add(name + "{" + label + "}");
    }
  }
}
