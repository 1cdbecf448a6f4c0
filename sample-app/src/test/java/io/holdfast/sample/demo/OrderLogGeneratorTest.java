// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.NewEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OrderLogGeneratorTest {
  private static final int EVENTS = 5_000;

  private final EventLog log = OrderLogGenerator.generate(1, EVENTS);

  @Test
  void generatesTheSameLogForTheSameSeed() {
    assertThat(OrderLogGenerator.generate(1, EVENTS)).isEqualTo(log);
    assertThat(OrderLogGenerator.generate(2, EVENTS)).isNotEqualTo(log);
  }

  @Test
  void generatesAsManyEventsAsAskedFor() {
    assertThat(log.eventCount()).isEqualTo(EVENTS);
    assertThat(log.streams()).hasSizeBetween(700, 1_100);
    assertThat(OrderLogGenerator.generate(1, 1).eventCount()).isEqualTo(1);
  }

  @Test
  void givesEveryEventAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();

    assertThat(events()).allMatch(event -> ids.add(Objects.requireNonNull(event.id())));
  }

  @Test
  void beginsEveryOrderWithItsPlacing() {
    for (LogStream order : log.streams()) {
      List<String> types = types(order);
      assertThat(types.get(0)).isEqualTo("OrderPlaced");
      assertThat(types.subList(1, types.size())).doesNotContain("OrderPlaced");
    }
  }

  @Test
  void endsCancelledOrders() {
    assertThat(log.streams())
        .map(OrderLogGeneratorTest::types)
        .filteredOn(types -> types.contains("OrderCancelled"))
        .isNotEmpty()
        .allMatch(types -> types.get(types.size() - 1).equals("OrderCancelled"));
  }

  @Test
  void chainsCausesWithinAnOrder() {
    for (LogStream order : log.streams()) {
      String cause = null;
      for (NewEvent<JsonNode> event : order.events()) {
        assertThat(event.metadata().causationId()).isEqualTo(cause);
        assertThat(event.metadata().correlationId()).isEqualTo(order.streamId());
        cause = event.id();
      }
    }
  }

  @Test
  void knowsAllTypesAndLengths() {
    assertThat(events().map(NewEvent::type).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(
            "OrderPlaced",
            "OrderPaid",
            "ItemPicked",
            "OrderShipped",
            "OrderDelivered",
            "OrderCancelled",
            "ItemReturned");
    assertThat(log.streams().stream().map(order -> order.events().size()).distinct())
        .hasSizeGreaterThan(8);
  }

  private Stream<NewEvent<JsonNode>> events() {
    return log.streams().stream().flatMap(order -> order.events().stream());
  }

  private static List<String> types(LogStream order) {
    return order.events().stream().map(event -> Objects.requireNonNull(event.type())).toList();
  }
}
