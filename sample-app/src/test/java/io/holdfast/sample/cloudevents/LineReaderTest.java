// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void splitsLinesOfAnyLength() throws IOException {
    String longLine = "x".repeat(200_000);

    assertThat(lines("a\n\n" + longLine + "\nb")).containsExactly("a", "", longLine, "b");
    assertThat(lines("a\n")).containsExactly("a");
    assertThat(lines("")).isEmpty();
  }

  @Test
  void failsAboveItsBound() {
    assertThatThrownBy(() -> lines("x".repeat(1_000_001)))
        .isInstanceOf(LineReader.TooLongException.class);
  }

  private static List<String> lines(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    try (LineReader reader = new LineReader(new ByteArrayInputStream(bytes), 1_000_000)) {
      for (byte[] line = reader.next(); line != null; line = reader.next()) {
        lines.add(new String(line, StandardCharsets.UTF_8));
      }
    }
    return lines;
  }
}
