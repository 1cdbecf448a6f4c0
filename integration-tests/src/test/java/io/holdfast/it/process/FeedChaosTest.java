// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.it.Seeds;
import io.holdfast.testkit.CassandraExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three nodes under load are killed, frozen, shut down and cut off at random, and with them the
 * readers of the feed and the instances of a durable subscription that run in them; each reader
 * goes on from the place that it had come to. In the end each has every event, each stream's in
 * order, and nothing else. {@code -Dholdfast.test.chaos-seconds=300} for more.
 */
class FeedChaosTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final Duration CHAOS =
      Duration.ofSeconds(Integer.getInteger("holdfast.test.chaos-seconds", 10));
  private static final int HOSTS = 3;
  private static final int CLIENTS = 40;
  private static final Duration THINKING = Duration.ofMillis(50);
  private static final int SUBSCRIPTION_INSTANCES = 4;
  private static final int MAX_PLACES = 3;

  private final Random random = new Random(Seeds.next());

  @Test
  void everyReaderIsGivenEveryEventInOrder() {
    try (Hosts hosts = Hosts.start(CASSANDRA, HOSTS)) {
      run(hosts);
    }
  }

  private void run(Hosts hosts) {
    LocalNode local = hosts.client();
    Deliveries steady = new Deliveries("steady");
    FeedFollower.start(local, steady);
    FeedChaos chaos = new FeedChaos(hosts, SUBSCRIPTION_INSTANCES, random);

    RetryingClient.Tally tally = new RetryingClient.Tally();
    List<RetryingClient> clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(i -> RetryingClient.endless(local.store(), i, THINKING, tally))
            .toList();
    CompletableFuture<?>[] running =
        clients.stream()
            .map(RetryingClient::start)
            .map(stage -> stage.toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);

    List<Deliveries> places = new ArrayList<>();
    long end = System.nanoTime() + CHAOS.toNanos();
    do {
      // Whatever comes meets clients that have gone on since.
      int enough = tally.stored() + 1 + random.nextInt(500);
      await().until(() -> tally.stored() >= enough || CompletableFuture.anyOf(running).isDone());
      chaos.next();
      if (places.size() < MAX_PLACES) {
        places.add(steady.copy());
      }
    } while (System.nanoTime() < end);

    clients.forEach(RetryingClient::halt);
    get(CompletableFuture.allOf(running));
    System.out.printf("%s; %s%n", chaos, tally);
    RetryingClient.verify(local, clients);
    Map<String, List<String>> histories = RetryingClient.histories(local, clients);
    int events = histories.values().stream().mapToInt(List::size).sum();
    assertThat(events).isEqualTo(tally.stored());

    List<Deliveries> readers = new ArrayList<>(chaos.readers());
    readers.add(steady);
    for (Deliveries place : places) {
      FeedFollower.start(local, place);
      readers.add(place);
    }
    Deliveries late = new Deliveries("late");
    FeedFollower.start(local, late);
    readers.add(late);
    for (Deliveries reader : readers) {
      System.out.printf(
          "%s: %,d events, %,d of them again%n", reader.name(), events, reader.verify(histories));
    }
  }
}
