// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.holdfast.it.Seeds;
import io.holdfast.it.TcpRelay;
import io.holdfast.it.TestConfig;
import io.holdfast.testkit.CassandraExtension;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients append with ids of their own and try again until they know, while connections to
 * Cassandra are cut and nodes are killed: every event is stored once, and reaches the stream's
 * subscriber, and those of the feed, once. {@code -Dholdfast.test.appends=20000} for more.
 */
class RetriedAppendsTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int APPENDS = Integer.getInteger("holdfast.test.appends", 1_000);
  private static final int APPENDS_TO_A_DEATH = 1_000;
  private static final int CLIENTS = 60;

  private static final String SETTINGS =
      """
      pekko.cluster {
        failure-detector.acceptable-heartbeat-pause = 4 s
        split-brain-resolver {
          active-strategy = keep-oldest
          stable-after = 2 s
        }
      }
      holdfast.event-store {
        role = "host"
        number-of-shards = 20
        append-timeout = 6 s
        read-timeout = 6 s
      }
      """;

  private final Random random = new Random(Seeds.next());

  @Test
  void everyEventIsStoredOnce() {
    Config client =
        TestConfig.node(CASSANDRA, CASSANDRA.newKeyspaceName(), LocalNode.QUICK_END + SETTINGS);
    try (TcpRelay relay =
            TcpRelay.start(
                CASSANDRA.contactPoint(),
                () -> new TcpRelay.Connection(InputStream::transferTo, InputStream::transferTo));
        LocalNode local = LocalNode.start("client", client)) {
      Config host =
          ConfigFactory.parseString(
                  """
                  pekko.cluster.roles = ["host"]
                  datastax-java-driver {
                    basic.contact-points = ["127.0.0.1:%d"]
                    advanced.reconnection-policy { base-delay = 100 ms, max-delay = 500 ms }
                  }
                  """
                      .formatted(relay.port()))
              .withFallback(client);
      get(local.join(local.address()));
      Deque<NodeProcess> hosts = new ArrayDeque<>();
      try {
        hosts.add(start(host, "host-1", local));
        hosts.add(start(host, "host-2", local));
        run(local, host, hosts, relay);
      } finally {
        hosts.forEach(NodeProcess::close);
      }
    }
  }

  private static NodeProcess start(Config config, String name, LocalNode contact) {
    NodeProcess node = NodeProcess.start(name, config);
    get(node.join(contact.address()));
    return node;
  }

  private void run(LocalNode local, Config host, Deque<NodeProcess> hosts, TcpRelay relay) {
    RetryingClient.Tally tally = new RetryingClient.Tally();
    List<RetryingClient> clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(i -> new RetryingClient(local.store(), i, APPENDS / CLIENTS, tally))
            .toList();
    List<CompletionStage<Void>> running = new ArrayList<>();
    clients.forEach(one -> running.add(one.start()));
    List<Subscriber> subscribers =
        clients.stream()
            .map(RetryingClient::streamId)
            .distinct()
            .map(id -> Subscriber.start(local, id))
            .toList();
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            running.stream()
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new));

    FeedFollower steady = FeedFollower.start(local);
    FeedFollower restless = FeedFollower.start(local);

    int deaths = 0;
    int cuts = 0;
    int freezes = 0;
    int stored = 0;
    while (!all.isDone()) {
      // Each cut and each death meets clients that have gone on since the last one.
      int enough = stored + 1 + random.nextInt(300);
      await().atMost(Duration.ofMinutes(3)).until(() -> tally.stored() >= enough || all.isDone());
      stored = tally.stored();
      restless.beginAnew();
      if (stored > (deaths + 0.5) * APPENDS_TO_A_DEATH) {
        deaths++;
        NodeProcess victim = hosts.remove();
        if (deaths % 2 == 0) {
          // Its streams move, and then it goes on for a while.
          freezes++;
          victim.pause();
          hosts.add(start(host, "host-" + (deaths + 2), local));
          victim.resume();
          get(victim.terminated());
          victim.close();
        } else {
          victim.close();
          hosts.add(start(host, "host-" + (deaths + 2), local));
        }
      } else {
        cuts++;
        relay.cut();
      }
    }
    get(all);
    System.out.printf("%d deaths, %d of them frozen, %d cuts; %s%n", deaths, freezes, cuts, tally);
    assertThat(deaths).isPositive();
    assertThat(tally.stored()).isEqualTo(CLIENTS * (APPENDS / CLIENTS));
    RetryingClient.verify(local, clients);
    subscribers.forEach(one -> one.verify(local));
    Map<String, List<String>> histories = new HashMap<>();
    clients.forEach(
        one -> histories.computeIfAbsent(one.streamId(), id -> RetryingClient.read(local, id)));
    System.out.printf(
        "feed: %d events again, %d at one that began anew; %d events in all%n",
        steady.verify(histories),
        restless.verify(histories),
        histories.values().stream().mapToInt(List::size).sum());
    FeedFollower late = FeedFollower.start(local);
    late.verify(histories);
  }
}
