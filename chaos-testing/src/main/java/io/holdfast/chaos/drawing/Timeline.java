// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.drawing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.chaos.checker.Evidence;
import io.holdfast.chaos.checker.RecordedHistory;
import io.holdfast.chaos.checker.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/**
 * A page with one violation: clients and consumers as rows, operations as bars, faults as bands.
 */
public final class Timeline {
  private Timeline() {}

  /** The page, which needs no other file. */
  public static String html(RecordedHistory history, Violation violation) {
    StringBuilder rows = new StringBuilder();
    int number = 0;
    for (Evidence evidence : violation.evidence()) {
      number++;
      rows.append(
          "<tr><td>%d</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>%n"
              .formatted(
                  number,
                  Html.escape(evidence.who()),
                  Html.time(evidence.from()),
                  Html.time(evidence.to()),
                  Html.escape(evidence.text())));
    }
    String page = template();
    Map<String, String> parts =
        Map.of(
            "title",
            Html.escape("%s in stream %s".formatted(violation.kind(), violation.stream())),
            "meaning",
            Html.escape(violation.kind().meaning()),
            "text",
            Html.escape(violation.text()),
            "run",
            Html.escape(
                "Seed %d, started %s, %s"
                    .formatted(
                        history.header().seed(),
                        history.header().startedAt(),
                        history.header().settings())),
            "svg",
            TimelineSvg.of(Scene.of(history, violation)),
            "rows",
            rows.toString());
    for (Map.Entry<String, String> part : parts.entrySet()) {
      page = page.replace("{{" + part.getKey() + "}}", part.getValue());
    }
    return page;
  }

  private static String template() {
    try (InputStream in =
        Objects.requireNonNull(Timeline.class.getResourceAsStream("timeline.html"))) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
