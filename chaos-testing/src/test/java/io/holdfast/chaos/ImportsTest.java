// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The checker judges from histories alone: it knows neither the product nor what makes a run. */
class ImportsTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "holdfast", "chaos");
  private static final Pattern OURS = Pattern.compile("io\\.holdfast\\.[a-z]+(\\.[a-z]+)?");

  /** The packages of ours that the sources of one name anywhere. */
  private static Set<String> named(String folder) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES.resolve(folder))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).isNotEmpty();
      return sources.stream()
          .flatMap(file -> OURS.matcher(text(file)).results())
          .map(match -> match.group())
          .collect(Collectors.toSet());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void historiesKnowNobody() throws IOException {
    assertThat(named("history")).containsExactly("io.holdfast.chaos.history");
  }

  @Test
  void theCheckerKnowsHistories() throws IOException {
    assertThat(named("checker"))
        .containsExactlyInAnyOrder("io.holdfast.chaos.history", "io.holdfast.chaos.checker");
  }

  @Test
  void drawingsKnowWhatTheCheckerFinds() throws IOException {
    assertThat(named("drawing"))
        .isSubsetOf(
            "io.holdfast.chaos.history", "io.holdfast.chaos.checker", "io.holdfast.chaos.drawing");
  }
}
