// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.it.TestConfig;
import io.holdfast.test.TcpRelay;
import io.holdfast.testkit.CassandraExtension;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A cluster whose streams live in processes of their own, the hosts, which come and go and reach
 * Cassandra through a relay; beside them the client, a node in this JVM that stays.
 */
final class Hosts implements AutoCloseable {
  private static final String CLIENT =
      """
      pekko.cluster {
        failure-detector.acceptable-heartbeat-pause = 8 s
        split-brain-resolver {
          active-strategy = keep-oldest
          stable-after = 1 s
        }
        sharded-daemon-process {
          keep-alive-interval = 1 s
          sharding.role = "host"
        }
      }
      holdfast.event-store {
        role = "host"
        number-of-shards = 20
        append-timeout = 6 s
        read-timeout = 6 s
      }
      """;

  private static final String HOST =
      """
      pekko.cluster.roles = ["host"]
      datastax-java-driver {
        basic.contact-points = ["127.0.0.1:%d"]
        advanced.reconnection-policy { base-delay = 100 ms, max-delay = 500 ms }
      }
      """;

  private final TcpRelay relay;
  private final LocalNode client;
  private final Config config;
  private final List<NodeProcess> running = new CopyOnWriteArrayList<>();
  private final AtomicInteger names = new AtomicInteger();

  private Hosts(TcpRelay relay, LocalNode client, Config config) {
    this.relay = relay;
    this.client = client;
    this.config = config;
  }

  /** Starts the client and so many hosts. */
  static Hosts start(CassandraExtension cassandra, int count) {
    Config config =
        TestConfig.node(cassandra, cassandra.newKeyspaceName(), LocalNode.QUICK_END + CLIENT);
    TcpRelay relay =
        TcpRelay.start(
            cassandra.contactPoint(),
            () -> new TcpRelay.Connection(InputStream::transferTo, InputStream::transferTo));
    Config host = ConfigFactory.parseString(HOST.formatted(relay.port())).withFallback(config);
    Hosts hosts = new Hosts(relay, LocalNode.start("client", config), host);
    try {
      get(hosts.client.join(hosts.client.address()));
      get(
          CompletableFuture.allOf(
              Stream.generate(() -> CompletableFuture.supplyAsync(hosts::add))
                  .limit(count)
                  .toArray(CompletableFuture<?>[]::new)));
      return hosts;
    } catch (RuntimeException | Error e) {
      hosts.close();
      throw e;
    }
  }

  LocalNode client() {
    return client;
  }

  /** Cuts the connections of all hosts to Cassandra. */
  void cut() {
    relay.cut();
  }

  /** In the order in which they were started. */
  List<NodeProcess> running() {
    return List.copyOf(running);
  }

  /** Starts another one; returns when it is a member. */
  NodeProcess add() {
    NodeProcess host = NodeProcess.start("host-" + names.incrementAndGet(), config);
    running.add(host);
    get(host.join(client.address()));
    return host;
  }

  /** Kills one, if it still runs. */
  void remove(NodeProcess host) {
    running.remove(host);
    host.close();
  }

  @Override
  public void close() {
    running.forEach(NodeProcess::close);
    client.close();
    relay.close();
  }
}
