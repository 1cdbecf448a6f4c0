// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import io.holdfast.chaos.checker.Report;
import io.holdfast.chaos.checker.Violation;
import io.holdfast.chaos.drawing.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws violations into a folder, which is made if there are any.
 *
 * @param most how many
 */
record Drawings(Path folder, int most) {
  /** The files, in the order of the violations. */
  List<Path> draw(Report report) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Violation violation : report.violations()) {
      if (files.size() == most) {
        break;
      }
      Files.createDirectories(folder);
      Path file =
          folder.resolve(
              "%02d-%s-%s.html"
                  .formatted(
                      files.size() + 1,
                      violation.kind(),
                      violation.stream().replaceAll("[^A-Za-z0-9._-]", "_")));
      Files.writeString(file, Timeline.html(report.history(), violation));
      files.add(file);
    }
    return files;
  }
}
