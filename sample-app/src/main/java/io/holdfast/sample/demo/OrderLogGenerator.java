// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Makes up the order log of a shop: orders are placed, paid, picked, shipped, delivered, cancelled
 * and returned, many at a time. The same seed gives the same log.
 */
final class OrderLogGenerator {
  private static final Instant OPENING = Instant.parse("2026-01-05T08:00:00Z");
  private static final Duration BETWEEN_ORDERS = Duration.ofMinutes(12);

  private OrderLogGenerator() {}

  /**
   * A log of exactly so many events, in order of time; the last orders may not have come to their
   * end.
   */
  static EventLog generate(long seed, int events) {
    Random random = new Random(seed);
    List<OrderStory.Told> told = new ArrayList<>();
    Instant start = OPENING;
    for (int order = 1; told.size() < events; order++) {
      told.addAll(OrderStory.of(random, "order-%06d".formatted(order), start));
      start = start.plusMillis(random.nextLong(2 * BETWEEN_ORDERS.toMillis()));
    }
    told.sort(Comparator.comparing(OrderStory.Told::time));
    EventLog.Builder log = new EventLog.Builder();
    told.subList(0, events).forEach(event -> log.add(event.streamId(), event.event()));
    return log.build();
  }
}
