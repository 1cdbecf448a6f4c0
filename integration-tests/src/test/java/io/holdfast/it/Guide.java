// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation whose examples a test runs. */
public final class Guide {
  private Guide() {}

  /**
   * Each Java block of the page stands in the test's source, as static classes of the test: but for
   * imports and blanks.
   *
   * @param page from {@code docs/} on
   */
  public static void assertStandsIn(String page, Class<?> test) {
    String source = read(Path.of("src/test/java", test.getName().replace('.', '/') + ".java"));
    assertThat(Page.read(Path.of("../docs", page).toAbsolutePath().normalize()).blocks())
        .filteredOn(block -> block.language().equals("java"))
        .isNotEmpty()
        .allSatisfy(block -> assertThat(bare(source)).contains(bare(block.code())));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String bare(String code) {
    return code.replaceAll("(?m)^import .*$", "")
        .replace("static class", "class")
        .replaceAll("\\s", "");
  }
}
