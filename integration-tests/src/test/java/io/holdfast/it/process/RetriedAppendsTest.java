// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.Seeds;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
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

  private final Random random = new Random(Seeds.next());

  @Test
  void everyEventIsStoredOnce() {
    try (Hosts hosts = Hosts.start(CASSANDRA, 2)) {
      run(hosts.client(), hosts);
    }
  }

  private void run(LocalNode local, Hosts hosts) {
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

    Deliveries feed = new Deliveries("steady reader");
    FeedFollower.start(local, feed);

    int deaths = 0;
    int cuts = 0;
    int freezes = 0;
    int stored = 0;
    while (!all.isDone()) {
      // Each cut and each death meets clients that have gone on since the last one.
      int enough = stored + 1 + random.nextInt(300);
      await().until(() -> tally.stored() >= enough || all.isDone());
      stored = tally.stored();
      if (stored > (deaths + 0.5) * APPENDS_TO_A_DEATH) {
        deaths++;
        NodeProcess victim = hosts.running().get(0);
        if (deaths % 2 == 0) {
          // Its streams move, and then it goes on for a while.
          freezes++;
          victim.pause();
          hosts.add();
          victim.resume();
          get(victim.terminated());
          hosts.remove(victim);
        } else {
          hosts.remove(victim);
          hosts.add();
        }
      } else {
        cuts++;
        hosts.cut();
      }
    }
    get(all);
    System.out.printf("%d deaths, %d of them frozen, %d cuts; %s%n", deaths, freezes, cuts, tally);
    assertThat(deaths).isPositive();
    assertThat(tally.stored()).isEqualTo(CLIENTS * (APPENDS / CLIENTS));
    RetryingClient.verify(local, clients);
    subscribers.forEach(one -> one.verify(local));
    Map<String, List<String>> histories = RetryingClient.histories(local, clients);
    System.out.printf(
        "feed: %d events again, %d events in all%n",
        feed.verify(histories), histories.values().stream().mapToInt(List::size).sum());
  }
}
