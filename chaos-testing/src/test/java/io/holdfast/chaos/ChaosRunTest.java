// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run through the command that people use, on one replica, which stays. The run prints its
 * seed, another one each time; {@code ./chaos run --seed N} has more of it.
 */
class ChaosRunTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void nothingIsFoundUnderFaults() throws IOException {
    int exit =
        ChaosMain.commandLine()
            .execute(
                "run",
                "--minutes=0.25",
                "--calm=10",
                "--replicas=1",
                "--faults=applications,links",
                "--heap=512m",
                "--output=" + folder);

    assertThat(exit).as("violations, or no history; see %s", folder).isZero();
    JsonNode verdict =
        JsonMapper.builder().build().readTree(folder.resolve("verdict.json").toFile());
    assertThat(verdict.at("/operations/append/ok").asLong()).isPositive();
    assertThat(verdict.at("/operations/persist/ok").asLong()).isPositive();
    assertThat(verdict.get("faults")).isNotEmpty();
  }
}
