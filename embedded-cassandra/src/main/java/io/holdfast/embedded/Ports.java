// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The two ports of a node.
 *
 * <p>Free ports are looked for below the range that systems give to outgoing connections, where
 * nothing but another server takes one between our look and the node's start.
 */
record Ports(int cql, int storage) {

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 200;

  /**
   * How long a port has to be taken before that is believed. A process that any thread of this JVM
   * starts inherits our probing sockets, and keeps their ports until it has closed what it
   * inherited.
   */
  private static final long TAKEN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long POLL_MILLIS = 10;

  /** Ports that are free on all the addresses; a wish of 0 is no wish. */
  static Ports choose(List<InetAddress> addresses, int wishedCql, int wishedStorage) {
    int cql = wishedCql != 0 ? wishedCql : anyFree(addresses, wishedStorage);
    int storage = wishedStorage != 0 ? wishedStorage : anyFree(addresses, cql);
    if (cql == storage) {
      throw new IllegalArgumentException("cqlPort and storagePort are both " + cql);
    }
    return new Ports(cql, storage);
  }

  /** Refuses the start if a port is taken, before a child JVM finds out ten seconds later. */
  void requireFree(InetAddress address) {
    requireFree(address, cql, "cqlPort");
    requireFree(address, storage, "storagePort");
  }

  boolean areFree(InetAddress address) {
    return becomesFree(address, cql) && becomesFree(address, storage);
  }

  private static void requireFree(InetAddress address, int port, String setting) {
    if (!isFree(address, 0)) {
      throw new EmbeddedCassandraException(
          Reason.ADDRESS_IN_USE,
          address.getHostAddress()
              + " cannot be bound on this machine. Some systems (macOS) have 127.0.0.1 only until"
              + " another is added: sudo ifconfig lo0 alias "
              + address.getHostAddress());
    }
    if (!becomesFree(address, port)) {
      throw new EmbeddedCassandraException(
          Reason.ADDRESS_IN_USE,
          "Port "
              + port
              + " of "
              + address.getHostAddress()
              + " is in use. Stop what listens there, or choose another "
              + setting
              + " (0: any free port).");
    }
  }

  private static int anyFree(List<InetAddress> addresses, int except) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (port != except && addresses.stream().allMatch(address -> isFree(address, port))) {
        return port;
      }
    }
    throw new EmbeddedCassandraException(
        Reason.ADDRESS_IN_USE,
        "No free port between "
            + LOWEST
            + " and "
            + HIGHEST
            + " on "
            + addresses
            + ". Name one with cqlPort and storagePort, and see whether the addresses exist.");
  }

  private static boolean becomesFree(InetAddress address, int port) {
    long start = System.nanoTime();
    while (!isFree(address, port)) {
      if (System.nanoTime() - start > TAKEN_NANOS) {
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return isFree(address, port);
      }
    }
    return true;
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
