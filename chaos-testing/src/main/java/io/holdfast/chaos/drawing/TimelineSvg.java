// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.drawing;

import io.holdfast.chaos.checker.Evidence;
import io.holdfast.chaos.checker.Fault;
import io.holdfast.chaos.checker.Op;
import java.util.List;
import java.util.Locale;

/** Draws a scene. */
final class TimelineSvg {
  private static final int WIDTH = 1200;
  private static final int LEFT = 170;
  private static final int RIGHT = WIDTH - 20;
  private static final int TOP = 46;
  private static final int ROW = 30;
  private static final int BAR = 16;
  private static final int TICKS = 8;

  /** A bar that has room for the operation's kind. */
  private static final int LABEL = 80;

  private final Scene scene;
  private final long[] times;
  private final Scale scale;
  private final int bottom;
  private final StringBuilder svg = new StringBuilder();

  private TimelineSvg(Scene scene) {
    this.scene = scene;
    this.times = scene.times();
    this.scale = new Scale(times, LEFT, RIGHT);
    this.bottom = TOP + scene.rows().size() * ROW;
  }

  static String of(Scene scene) {
    return new TimelineSvg(scene).draw();
  }

  private String draw() {
    add("<svg viewBox=\"0 0 %d %d\" role=\"img\">", WIDTH, bottom + 30);
    for (int i = 0; i < scene.faults().size(); i++) {
      drawFault(scene.faults().get(i), i);
    }
    drawAxis();
    for (String row : scene.rows()) {
      double y = middle(row);
      add("<line class=\"row\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, RIGHT, y, y);
      add("<text x=\"4\" y=\"%.1f\">%s</text>", y + 4, Html.escape(row));
    }
    scene.others().forEach(other -> draw(other, "other", 0));
    List<Evidence> marked = scene.marked();
    for (int i = 0; i < marked.size(); i++) {
      draw(marked.get(i), "marked", i + 1);
    }
    add("</svg>");
    return svg.toString();
  }

  private double middle(String row) {
    return TOP + scene.rows().indexOf(row) * ROW + ROW / 2.0;
  }

  private void drawFault(Fault fault, int index) {
    double from = Math.max(LEFT, scale.x(fault.from()));
    double to = fault.to() == Op.NEVER ? RIGHT : scale.x(fault.to());
    add(
        "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>",
        from,
        TOP - 14,
        Math.max(2, to - from),
        bottom - TOP + 14,
        Html.escape(
            "%s %s %s, %s to %s"
                .formatted(
                    fault.kind(),
                    fault.where(),
                    fault.detail(),
                    Html.time(fault.from()),
                    Html.time(fault.to()))));
    add(
        "<text class=\"soft\" x=\"%.1f\" y=\"%d\">%s</text>",
        from, index % 2 == 0 ? 12 : 26, Html.escape(fault.kind() + " " + fault.where()));
  }

  private void drawAxis() {
    int every = Math.max(1, times.length / TICKS);
    for (int i = 0; i < times.length; i += every) {
      double x = scale.x(times[i]);
      add(
          "<line class=\"tick\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
          x, x, TOP, bottom + 6);
      add(
          "<text class=\"soft\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x, bottom + 20, Html.time(times[i]));
    }
  }

  /**
   * @param number of a badge; 0 for none
   */
  private void draw(Evidence evidence, String style, int number) {
    double y = middle(evidence.who());
    double x = scale.x(evidence.from());
    double end = evidence.to() == Op.NEVER ? RIGHT : scale.x(evidence.to());
    if (evidence instanceof Op op) {
      add(
          "<rect class=\"%s %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"3\"><title>%s</title></rect>",
          op.outcomeKind(),
          style,
          x,
          y - BAR / 2.0,
          Math.max(4, end - x),
          BAR,
          Html.escape(op.text()));
      if (end - x > LABEL) {
        add("<text class=\"label\" x=\"%.1f\" y=\"%.1f\">%s</text>", x + 10, y + 4, op.kind());
      }
    } else {
      add(
          "<circle class=\"delivery %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"><title>%s</title></circle>",
          style, x, y, Html.escape(evidence.text()));
    }
    if (number > 0) {
      add("<circle class=\"badge\" cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/>", x, y - BAR / 2.0);
      add("<text class=\"number\" x=\"%.1f\" y=\"%.1f\">%d</text>", x, y - BAR / 2.0 + 4, number);
    }
  }

  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
