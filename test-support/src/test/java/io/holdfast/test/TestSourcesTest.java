// SPDX-License-Identifier: Apache-2.0
package io.holdfast.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests of all modules wait for conditions, with the limit of {@link Patience} and no other. */
class TestSourcesTest {
  private static final Pattern OWN_LIMIT =
      Pattern.compile(
          "\\.sleep\\("
              + "|\\.atMost\\("
              + "|\\.(get|poll|await|tryAcquire|tryLock|waitFor|awaitTermination|orTimeout)\\(\\s*\\d[\\d_]*L?,\\s*(TimeUnit\\.)?[A-Z]*(SECONDS|MINUTES)\\)"
              + "|\\bfailsWithin\\("
              + "|\\b(receive|expect|fishFor)\\w*\\(\\s*Duration\\."
              + "|expectNoM"
              + "|assertTimeout"
              + "|@Timeout\\b");

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(Path.of("..").toRealPath())) {
      for (Path module : modules) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }

  @Test
  void haveNoLimitsOfTheirOwn() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources()) {
      if (!file.endsWith("TestSourcesTest.java")) {
        OWN_LIMIT
            .matcher(Files.readString(file))
            .results()
            .forEach(match -> found.add(file + ": " + match.group()));
      }
    }
    assertThat(found)
        .as("wait for a condition with await(), for a stage with Patience.get")
        .isEmpty();
  }

  @Test
  void areFound() throws IOException {
    assertThat(sources()).hasSizeGreaterThan(200);
  }
}
