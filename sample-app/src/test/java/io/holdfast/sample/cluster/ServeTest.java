// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.sample.DemoMain;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./demo serve} as a process, and its end. */
class ServeTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  @TempDir private Path folder;

  @Test
  void nodesEndWithTheProcessThatStartedThemHoweverItDies() throws IOException {
    Path output = folder.resolve("output");
    Process serve =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dholdfast.demo.log=" + folder.resolve("demo.log"),
                "-cp",
                System.getProperty("java.class.path"),
                DemoMain.class.getName(),
                "serve",
                "--nodes=1",
                "--http-port=0",
                "--contact-points=%s:%d"
                    .formatted(
                        CASSANDRA.contactPoint().getHostString(),
                        CASSANDRA.contactPoint().getPort()),
                "--local-datacenter=" + CASSANDRA.localDatacenter(),
                "--keyspace=" + CASSANDRA.newKeyspaceName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> !serve.isAlive() || Files.readString(output).contains("Open "));
      List<ProcessHandle> nodes = serve.descendants().toList();
      assertThat(nodes).as(Files.readString(output)).isNotEmpty();

      serve.destroyForcibly();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> nodes.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      serve.descendants().forEach(ProcessHandle::destroyForcibly);
      serve.destroyForcibly();
    }
  }
}
