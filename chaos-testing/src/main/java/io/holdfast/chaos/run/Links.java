// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.run;

import io.holdfast.test.TcpRelay;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ways between all processes of a run, by their names. Thread-safe. */
final class Links {
  private record Ends(String from, String to) {}

  private final Map<Ends, Way> ways = new ConcurrentHashMap<>();

  /** What goes from the one to the other. */
  Way way(String from, String to) {
    return ways.computeIfAbsent(new Ends(from, to), ends -> new Way());
  }

  /** A connection that the one has opened to the other. */
  TcpRelay.Connection connection(String client, String server) {
    return new TcpRelay.Connection(way(client, server), way(server, client));
  }
}
