// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedStartTest {

  @TempDir private Path folder;

  @Test
  void startThatTakesTooLongLeavesNoProcessBehind() {
    Set<Long> before = children();
    assertThatThrownBy(
            () ->
                EmbeddedCassandra.builder()
                    .dataFolder(folder)
                    .startTimeout(Duration.ofMillis(1))
                    .start())
        .isInstanceOfSatisfying(
            EmbeddedCassandraException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT))
        .hasMessageContaining("startTimeout");
    assertThat(children()).isEqualTo(before);
  }

  @Test
  void interruptedStartLeavesNoProcessBehind() {
    Set<Long> before = children();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> EmbeddedCassandra.builder().dataFolder(folder).start())
          .isInstanceOfSatisfying(
              EmbeddedCassandraException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.INTERRUPTED));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(children()).isEqualTo(before);
  }

  private static Set<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }
}
