// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static io.holdfast.it.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.UnavailableException;
import io.holdfast.feed.FeedFilter;
import io.holdfast.feed.FeedOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Subscribes to all streams for as long as the test lasts, and goes on from its last offset when it
 * is told to begin anew. Used by one thread.
 */
final class FeedFollower {
  private record Delivery(String streamId, long version, String eventId) {}

  private final LocalNode node;
  private final List<Delivery> deliveries = Collections.synchronizedList(new ArrayList<>());
  private volatile FeedOffset offset = FeedOffset.beginning();
  private UniqueKillSwitch killSwitch;
  private CompletionStage<Done> over;

  private FeedFollower(LocalNode node) {
    this.node = node;
    begin();
  }

  static FeedFollower start(LocalNode node) {
    return new FeedFollower(node);
  }

  private void begin() {
    // Through the text, as it is kept by those who keep it.
    Pair<UniqueKillSwitch, CompletionStage<Done>> running =
        node.store()
            .subscribeAll(FeedFilter.all(), FeedOffset.parse(offset.toString()))
            .viaMat(KillSwitches.single(), Keep.right())
            .toMat(Sink.foreach(this::deliver), Keep.both())
            .run(node.system());
    killSwitch = running.first();
    over = running.second();
  }

  private void deliver(FeedEvent item) {
    deliveries.add(
        new Delivery(item.event().streamId(), item.event().version(), item.event().id()));
    offset = item.offset();
  }

  /** Ends, as a process does that is killed, and goes on with its last offset. */
  void beginAnew() {
    killSwitch.shutdown();
    try {
      get(over);
    } catch (UnavailableException e) {
      // It could not begin; it will now.
    }
    begin();
  }

  /**
   * It was given each event of the streams, at first in the order of the versions, and nothing
   * else.
   *
   * @param histories the ids of the events of every stream
   * @return how many came more than once
   */
  int verify(Map<String, List<String>> histories) {
    int events = histories.values().stream().mapToInt(List::size).sum();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> over.toCompletableFuture().isDone() || distinct() >= events);
    Map<String, Integer> highest = new HashMap<>();
    int again = 0;
    for (Delivery delivery : List.copyOf(deliveries)) {
      List<String> history = histories.getOrDefault(delivery.streamId(), List.of());
      assertThat(delivery.version()).isBetween(1L, (long) history.size());
      assertThat(delivery.eventId())
          .as("version %d of %s", delivery.version(), delivery.streamId())
          .isEqualTo(history.get((int) delivery.version() - 1));
      int before = highest.getOrDefault(delivery.streamId(), 0);
      if (delivery.version() <= before) {
        again++;
        continue;
      }
      assertThat(delivery.version())
          .as("what is delivered of %s after version %d", delivery.streamId(), before)
          .isEqualTo(before + 1L);
      highest.put(delivery.streamId(), before + 1);
    }
    histories.forEach(
        (streamId, history) ->
            assertThat(highest.getOrDefault(streamId, 0)).as(streamId).isEqualTo(history.size()));
    return again;
  }

  private long distinct() {
    return List.copyOf(deliveries).stream().distinct().count();
  }
}
