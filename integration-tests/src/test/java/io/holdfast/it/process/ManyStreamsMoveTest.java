// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import io.holdfast.it.TestConfig;
import io.holdfast.testkit.CassandraExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node dies, and all of its streams, a third of a thousand, move at once under load. {@code
 * -Dholdfast.test.streams=10000} for more.
 */
class ManyStreamsMoveTest {
  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  private static final int STREAMS = Integer.getInteger("holdfast.test.streams", 1_000);
  private static final int LANES = 100;

  private static final String SETTINGS =
      """
      pekko.cluster {
        failure-detector.acceptable-heartbeat-pause = 8 s
        split-brain-resolver {
          active-strategy = keep-oldest
          stable-after = 1 s
        }
      }
      holdfast.event-store {
        number-of-shards = 30
        append-timeout = 5 s
      }
      """;

  @Test
  void everyStreamOfADeadNodeGoesOnWithAllItsEvents() {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("holdfast.test.seed=" + seed);
    Random random = new Random(seed);
    Config config =
        TestConfig.node(CASSANDRA, CASSANDRA.newKeyspaceName(), LocalNode.QUICK_END + SETTINGS);
    try (LocalNode oldest = LocalNode.start("oldest", config);
        NodeProcess survivor = NodeProcess.start("survivor", config);
        NodeProcess victim = NodeProcess.start("victim", config)) {
      get(oldest.join(oldest.address()));
      get(survivor.join(oldest.address()));
      get(victim.join(oldest.address()));
      await().until(() -> oldest.members() == 3);
      List<Node> clients = new CopyOnWriteArrayList<>(List.of(oldest, survivor, victim));
      AtomicInteger turn = new AtomicInteger();
      Supplier<Node> nodes = () -> clients.get(turn.getAndIncrement() % clients.size());

      List<MovingStream> streams =
          new ArrayList<>(Stream.generate(MovingStream::new).limit(STREAMS).toList());
      time("first event of each stream", run(streams, stream -> stream.append(nodes)));
      assertThat(get(victim.hosted())).hasSizeGreaterThan(STREAMS / 10);

      Collections.shuffle(streams, random);
      int before = STREAMS / 10 + random.nextInt(STREAMS / 2);
      AtomicInteger appended = new AtomicInteger();
      CompletableFuture<Void> load =
          run(streams, stream -> stream.append(nodes).thenRun(() -> appended.incrementAndGet()));
      await().until(() -> appended.get() >= before || load.isDone());
      clients.remove(victim);
      victim.kill();
      System.out.printf("killed after %d of %d events%n", appended.get(), STREAMS);
      time("second event, from the death on", load);
      Collections.shuffle(streams, random);
      time("third event", run(streams, stream -> stream.append(nodes)));

      time(
          "read",
          run(streams, stream -> oldest.history(stream.subject()).thenAccept(stream::verify)));
    }
  }

  private static CompletableFuture<Void> run(
      List<MovingStream> streams, Function<MovingStream, ? extends CompletionStage<Void>> task) {
    return Lanes.run(LANES, List.copyOf(streams), task);
  }

  private static void time(String what, CompletableFuture<Void> work) {
    long start = System.nanoTime();
    await().until(work::isDone);
    get(work);
    System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
  }
}
