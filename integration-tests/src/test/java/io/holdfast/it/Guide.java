// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A page of the documentation whose examples a test runs. */
public final class Guide {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private Guide() {}

  /** Each Java block of the page stands in the test's source, but for blanks. */
  public static void assertStandsIn(String page, Class<?> test) {
    String guide = read(Path.of("../docs", page));
    String source = read(Path.of("src/test/java", test.getName().replace('.', '/') + ".java"));
    assertThat(EXAMPLE.matcher(guide).results())
        .isNotEmpty()
        .allSatisfy(
            example -> assertThat(withoutBlanks(source)).contains(withoutBlanks(example.group(1))));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutBlanks(String code) {
    return code.replaceAll("\\s", "");
  }
}
