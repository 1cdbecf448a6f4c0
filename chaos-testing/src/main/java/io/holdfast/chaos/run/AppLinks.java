// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.test.TcpRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The relays through which one application is reached by others, and reaches the replicas. An
 * application has an address of its own for what it opens, so that others know it by that.
 */
final class AppLinks implements AutoCloseable {
  private static final int ADDRESSES = 250;

  private final int number;
  private final int port;
  private final TcpRelay inbound;
  private final List<InetSocketAddress> replicas;
  private final List<TcpRelay> toReplicas = new ArrayList<>();

  AppLinks(int number, List<InetSocketAddress> replicas, Links links) {
    this.number = number;
    this.port = freePort();
    this.replicas = replicas;
    this.inbound =
        TcpRelay.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            client -> links.connection(nameOf(client), name()));
    for (int i = 0; i < replicas.size(); i++) {
      String replica = Replicas.name(i);
      toReplicas.add(TcpRelay.start(replicas.get(i), () -> links.connection(name(), replica)));
    }
  }

  String name() {
    return "app-" + number;
  }

  private static String nameOf(InetAddress client) {
    byte[] address = client.getAddress();
    return "app-" + ((address[2] & 0xff) * ADDRESSES + (address[3] & 0xff));
  }

  private String address() {
    return "127.1.%d.%d".formatted(number / ADDRESSES, number % ADDRESSES);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The settings of the application, as HOCON. */
  String settings() {
    String contactPoints =
        toReplicas.stream()
            .map(relay -> "\"127.0.0.1:%d\"".formatted(relay.port()))
            .collect(Collectors.joining(", "));
    String translated =
        IntStream.range(0, replicas.size())
            .mapToObj(
                i ->
                    "\"%s/32\" = \"127.0.0.1:%d\""
                        .formatted(
                            replicas.get(i).getAddress().getHostAddress(),
                            toReplicas.get(i).port()))
            .collect(Collectors.joining("\n"));
    return """
        pekko.remote.artery {
          canonical { hostname = "127.0.0.1", port = %d }
          bind { hostname = "127.0.0.1", port = %d }
          advanced.tcp.outbound-client-hostname = "%s"
        }
        datastax-java-driver {
          basic.contact-points = [%s]
          advanced.address-translator {
            class = SubnetAddressTranslator
            resolve-addresses = true
            subnet-addresses {
              %s
            }
          }
        }
        """
        .formatted(inbound.port(), port, address(), contactPoints, translated);
  }

  @Override
  public void close() {
    inbound.close();
    toReplicas.forEach(TcpRelay::close);
  }
}
