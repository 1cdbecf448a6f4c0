// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A store may have its sections elsewhere than at {@code holdfast}, and messages name settings. */
class MessagesTest {
  private static final Pattern NAMED =
      Pattern.compile(
          "\".*\\bholdfast\\.(cassandra|journal|snapshot-store|query|feed|event-store|subscription)\\.[a-z]");

  @Test
  void nameNoSettingByThePathOfOneStore() throws IOException {
    List<String> named = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        // Meters have names like settings, and no store.
        if (file.toString().contains("metrics")) {
          continue;
        }
        for (String line : Files.readAllLines(file)) {
          if (!line.strip().startsWith("*") && NAMED.matcher(line).find()) {
            named.add(file.getFileName() + ": " + line.strip());
          }
        }
      }
    }
    assertThat(named).isEmpty();
  }
}
