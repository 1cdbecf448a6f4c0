// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.test.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is no Cassandra; the tests of the extension show what is one. */
class CqlPortTest {

  @Test
  void nobodyListens() throws IOException {
    InetSocketAddress address;
    try (ServerSocket server = listen()) {
      address = addressOf(server);
    }

    assertThat(CqlPort.answers(address)).isFalse();
  }

  @Test
  void aSilentPortIsGivenUp() throws IOException {
    try (ServerSocket server = listen()) {
      assertThat(CqlPort.answers(addressOf(server))).isFalse();
    }
  }

  @Test
  void anotherProtocolIsNoAnswer() throws Exception {
    try (ServerSocket server = listen()) {
      CompletableFuture<Boolean> answers =
          CompletableFuture.supplyAsync(() -> CqlPort.answers(addressOf(server)));
      try (Socket client = server.accept()) {
        client
            .getOutputStream()
            .write("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII));
        assertThat(answers.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isFalse();
      }
    }
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static InetSocketAddress addressOf(ServerSocket server) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }
}
