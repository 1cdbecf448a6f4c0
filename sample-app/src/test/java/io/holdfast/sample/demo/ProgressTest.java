// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void isALineWithoutATerminal() {
    progress(0);

    assertThat(output()).isEqualTo("Appending  3 of 3 events (100%)" + System.lineSeparator());
  }

  @Test
  void isABarInATerminal() {
    progress(60);

    assertThat(output()).contains("\rAppending 100% [=").contains("3/3 events");
    assertThat(output().lines().flatMap(line -> line.lines())).allMatch(l -> l.length() < 60);
  }

  private void progress(int columns) {
    Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), columns);
    try (Progress progress = Progress.start(console, "Appending", 3, "events")) {
      progress.advance();
      progress.advance(2);
      assertThat(progress.current()).isEqualTo(3);
    }
  }

  private String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
