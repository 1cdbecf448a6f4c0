// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.feed.FeedOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one reader of the feed was given, wherever it ran, to be held against the streams in the
 * end. Thread-safe.
 */
final class Deliveries {
  /**
   * One event that was delivered.
   *
   * @param nanos when; the same clock in all processes of this machine
   */
  record Delivery(String streamId, long version, String eventId, long nanos) {}

  private final String name;
  private final List<Delivery> all = new ArrayList<>();
  private final Set<String> eventIds = new HashSet<>();
  private FeedOffset offset = FeedOffset.beginning();

  Deliveries(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  synchronized void add(Delivery delivery, FeedOffset after) {
    all.add(delivery);
    eventIds.add(delivery.eventId());
    offset = after;
  }

  /** The place after the last one. */
  synchronized FeedOffset offset() {
    return offset;
  }

  /** What was delivered up to now, for another reader to go on from. */
  synchronized Deliveries copy() {
    Deliveries copy = new Deliveries("from " + offset);
    all.forEach(delivery -> copy.add(delivery, offset));
    return copy;
  }

  private synchronized int distinct() {
    return eventIds.size();
  }

  private synchronized List<Delivery> inOrder() {
    List<Delivery> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparingLong(Delivery::nanos));
    return sorted;
  }

  /**
   * Waits until as many events have come as there are. Each event of the streams has, at first in
   * the order of the versions, and nothing else.
   *
   * @param histories the ids of the events of every stream
   * @return how many came more than once
   */
  int verify(Map<String, List<String>> histories) {
    int events = histories.values().stream().mapToInt(List::size).sum();
    await(name).until(this::distinct, count -> count >= events);
    Map<String, Integer> highest = new HashMap<>();
    int again = 0;
    for (Delivery delivery : inOrder()) {
      List<String> history = histories.getOrDefault(delivery.streamId(), List.of());
      assertThat(delivery.version())
          .as("%s: %s", name, delivery)
          .isBetween(1L, (long) history.size());
      assertThat(delivery.eventId())
          .as("%s: version %d of %s", name, delivery.version(), delivery.streamId())
          .isEqualTo(history.get((int) delivery.version() - 1));
      int before = highest.getOrDefault(delivery.streamId(), 0);
      if (delivery.version() <= before) {
        again++;
        continue;
      }
      assertThat(delivery.version())
          .as("%s: what is delivered of %s after version %d", name, delivery.streamId(), before)
          .isEqualTo(before + 1L);
      highest.put(delivery.streamId(), before + 1);
    }
    histories.forEach(
        (streamId, history) ->
            assertThat(highest.getOrDefault(streamId, 0))
                .as("%s: %s", name, streamId)
                .isEqualTo(history.size()));
    return again;
  }
}
