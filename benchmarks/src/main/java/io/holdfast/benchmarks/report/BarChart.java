// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars in groups, drawn as SVG. Each group has a scale of its own from 0: bars are to be
 * compared within it.
 *
 * @param title above all
 * @param legend what the parts of each bar are, from the left; empty where it has only one
 */
public record BarChart(String title, List<String> legend, List<Group> groups) {
  /** Bars that are compared with each other. */
  public record Group(String title, List<Bar> bars) {
    public Group {
      bars = List.copyOf(bars);
    }
  }

  /**
   * A bar.
   *
   * @param parts their lengths, from 0; each fainter than the one before
   * @param low the least that was seen of their sum
   * @param high the most
   * @param colour as SVG has it
   * @param text at its end
   */
  public record Bar(
      String label, List<Double> parts, double low, double high, String colour, String text) {
    public Bar {
      parts = List.copyOf(parts);
    }

    private double length() {
      return parts.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  private static final int WIDTH = 800;
  private static final int LEFT = 170;
  private static final int LONGEST = 430;
  private static final int BAR = 14;
  private static final int STEP = 20;
  private static final int GROUP_TITLE = 26;
  private static final int GROUP_GAP = 14;
  private static final int TOP = 40;

  public BarChart {
    legend = List.copyOf(legend);
    groups = List.copyOf(groups);
  }

  /** The drawing. */
  public String svg() {
    int bars = groups.stream().mapToInt(group -> group.bars().size()).sum();
    int top = TOP + (legend.isEmpty() ? 0 : STEP);
    int height = top + groups.size() * (GROUP_TITLE + GROUP_GAP) + bars * STEP;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-label="%3$s">
        <style>
        text { font: 12px system-ui, sans-serif; fill: #1f2328 }
        .title { font-size: 16px; font-weight: 600 }
        .group { font-size: 13px; font-weight: 600 }
        .label { text-anchor: end }
        .range { stroke: #1f2328; stroke-width: 1 }
        .ground { fill: #fff }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .range { stroke: #e6edf3 } .ground { fill: #0d1117 } }
        </style>
        <rect class="ground" width="100%%" height="100%%"/>
        """
            .formatted(WIDTH, height, escape(title)));
    text(svg, "title", 10, 24, title);
    if (!legend.isEmpty()) {
      text(svg, "", 10, 44, "dark to light: " + String.join(", ", legend));
    }
    int y = top;
    for (Group group : groups) {
      text(svg, "group", 10, y + 18, group.title());
      y += GROUP_TITLE;
      double most = group.bars().stream().mapToDouble(Bar::high).max().orElse(0);
      for (Bar bar : group.bars()) {
        draw(svg, bar, y, most > 0 ? LONGEST / most : 0);
        y += STEP;
      }
      y += GROUP_GAP;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(StringBuilder svg, Bar bar, int y, double scale) {
    text(svg, "label", LEFT - 8, y + 11, bar.label());
    double x = LEFT;
    double opacity = 1;
    for (double part : bar.parts()) {
      svg.append(
          format(
              "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.2f\"/>%n",
              x, y, part * scale, BAR, escape(bar.colour()), opacity));
      x += part * scale;
      opacity /= 2;
    }
    double low = LEFT + bar.low() * scale;
    double high = LEFT + bar.high() * scale;
    svg.append(
        format(
            "<line class=\"range\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
            low, y + BAR / 2, high, y + BAR / 2));
    text(svg, "", (int) Math.max(LEFT + bar.length() * scale, high) + 8, y + 11, bar.text());
  }

  private static void text(StringBuilder svg, String style, int x, int y, String text) {
    svg.append(
        format("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", style, x, y, escape(text)));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
