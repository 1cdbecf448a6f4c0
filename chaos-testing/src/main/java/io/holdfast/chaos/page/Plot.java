// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Acknowledged appends a second of one run, and below them what was broken when, as SVG. */
final class Plot {
  private static final int LEFT = 50;
  private static final int WIDTH = 840;
  private static final int BARS_TOP = 30;
  private static final int BARS_HEIGHT = 140;
  private static final int LANE_HEIGHT = 16;
  private static final int BOTTOM = BARS_TOP + BARS_HEIGHT + 3 * LANE_HEIGHT;

  private final JsonNode run;
  private final StringBuilder svg = new StringBuilder();

  private Plot(JsonNode run) {
    this.run = run;
  }

  static String svg(JsonNode run) {
    return new Plot(run).draw();
  }

  private String draw() {
    int seconds = Math.max(1, run.get("acknowledgedPerSecond").size());
    int most = 1;
    for (JsonNode count : run.get("acknowledgedPerSecond")) {
      most = Math.max(most, count.asInt());
    }
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">",
        LEFT + WIDTH + 20, BOTTOM + 25);
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
    add(
        "<text x=\"%d\" y=\"16\">seed %d: acknowledged appends a second</text>",
        LEFT, run.get("seed").asLong());
    double step = WIDTH / (double) seconds;
    for (int second = 0; second < run.get("acknowledgedPerSecond").size(); second++) {
      double height =
          BARS_HEIGHT * run.get("acknowledgedPerSecond").get(second).asInt() / (double) most;
      bar(
          LEFT + second * step,
          BARS_TOP + BARS_HEIGHT - height,
          Math.max(step - 0.5, 0.5),
          height,
          "#3b6ea5",
          "");
    }
    add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>", LEFT - 5, BARS_TOP + 8, most);
    add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>", LEFT - 5, BARS_TOP + BARS_HEIGHT);
    lane(0, "apps");
    lane(1, "replicas");
    lane(2, "links");
    for (JsonNode fault : run.get("faultTimes")) {
      double from = fault.get("fromSeconds").asDouble();
      double to = Math.min(fault.get("toSeconds").asDouble(), seconds);
      if (from < seconds) {
        bar(
            LEFT + from * step,
            laneTop(laneOf(fault)) + 2,
            Math.max((to - from) * step, 2),
            LANE_HEIGHT - 4.0,
            "#c0504d",
            "%s %s %s"
                .formatted(
                    fault.get("kind").asText(),
                    fault.get("where").asText(),
                    fault.get("detail").asText()));
      }
    }
    for (int second = 0; second <= seconds; second += 30) {
      add("<text x=\"%.1f\" y=\"%d\">%d s</text>", LEFT + second * step, BOTTOM + 15, second);
    }
    add("</svg>");
    return svg.toString();
  }

  private static int laneOf(JsonNode fault) {
    String kind = fault.get("kind").asText();
    if (kind.equals("isolate") || kind.equals("slow")) {
      return 2;
    }
    return fault.get("where").asText().startsWith("cassandra") ? 1 : 0;
  }

  private static int laneTop(int lane) {
    return BARS_TOP + BARS_HEIGHT + lane * LANE_HEIGHT;
  }

  private void lane(int lane, String name) {
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
        LEFT - 5, laneTop(lane) + 12, name);
  }

  private void bar(double x, double y, double width, double height, String colour, String title) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title></rect>",
        x, y, width, height, colour, title.strip());
  }

  @SuppressWarnings("AnnotateFormatMethod") // would need a library that says so and nothing else
  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
