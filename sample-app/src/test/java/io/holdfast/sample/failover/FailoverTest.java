// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.sample.DemoMain;
import io.holdfast.sample.common.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** {@code ./demo failover} on a real Cassandra, with real processes. */
class FailoverTest {
  @Test
  void everyAcknowledgedEventSurvivesKillMinusNine() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), 0);

    int exitCode =
        DemoMain.run(console, "failover", "--kind", "kill", "--streams", "12", "--seconds", "1");

    String report = printed.toString(StandardCharsets.UTF_8);
    System.out.println(report);
    assertThat(exitCode).as(report).isZero();
    assertThat(report)
        .contains(
            "Verified    every acknowledged event is there, once, in order; read from 2 nodes")
        .contains("1 of 1 round held");
  }
}
