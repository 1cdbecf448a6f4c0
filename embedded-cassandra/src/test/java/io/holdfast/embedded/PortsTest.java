// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PortsTest {

  /** A child process holds the sockets of its parent for a moment, also those of the check. */
  @Test
  void freePortIsFreeWhileOtherThreadsStartProcesses() throws Exception {
    InetAddress address = NodeSettings.loopback("127.0.0.61");
    Ports ports = Ports.choose(List.of(address), 0, 0);
    AtomicBoolean done = new AtomicBoolean();
    Thread starter = new Thread(() -> startProcessesUntil(done));
    starter.start();
    try {
      assertThatCode(
              () -> {
                for (int i = 0; i < 300; i++) {
                  ports.requireFree(address);
                }
              })
          .doesNotThrowAnyException();
    } finally {
      done.set(true);
      starter.join();
    }
  }

  @Test
  void portThatAnotherHoldsIsRefusedByName() throws IOException {
    InetAddress address = NodeSettings.loopback("127.0.0.61");
    Ports ports = Ports.choose(List.of(address), 0, 0);
    try (ServerSocket other = new ServerSocket(ports.storage(), 1, address)) {
      assertThatThrownBy(() -> ports.requireFree(address))
          .isInstanceOf(EmbeddedCassandraException.class)
          .hasMessageContaining("Port " + other.getLocalPort() + " of 127.0.0.61")
          .hasMessageContaining("storagePort");
    }
  }

  private static void startProcessesUntil(AtomicBoolean done) {
    String java = ProcessHandle.current().info().command().orElse("java");
    while (!done.get()) {
      try {
        new ProcessBuilder(java, "--no-such-option").start().destroyForcibly().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
