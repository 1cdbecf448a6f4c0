// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.EventStore;
import io.holdfast.eventstore.FeedEvent;
import io.holdfast.eventstore.StreamDomainEvent;
import io.holdfast.eventstore.subscription.DurableSubscription;
import io.holdfast.feed.FeedFilter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of all orders, in a table that a durable subscription keeps up to date: a moment behind
 * the streams. Thread-safe.
 *
 * <p>An event may come more than once, and so each row says which version it is at: what it has
 * seen already, it leaves alone.
 */
public final class OrderView {
  private static final Logger LOG = LoggerFactory.getLogger(OrderView.class);
  private static final String SUBSCRIPTION = "sample-orders";
  private static final int INSTANCES = 4;
  private static final Map<String, Class<?>> EVENTS =
      Arrays.stream(OrderEvent.class.getPermittedSubclasses())
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  private final OrderTable table;
  private final Order rules = new Order();

  private OrderView(OrderTable table) {
    this.table = table;
  }

  /**
   * Keeps the list, together with the other nodes.
   *
   * @param store that reads events as JSON: a stream that is named like an order may hold anything
   */
  public static OrderView start(ActorSystem<?> system, EventStore store) {
    OrderView view = new OrderView(new OrderTable(system));
    DurableSubscription.named(SUBSCRIPTION)
        .filter(
            FeedFilter.all()
                .category(Orders.CATEGORY)
                .eventType(EVENTS.keySet().toArray(String[]::new)))
        .instances(INSTANCES)
        .start(system, store, view::handle);
    return view;
  }

  private CompletionStage<?> handle(FeedEvent delivered) {
    StreamDomainEvent<?> event = delivered.event();
    Optional<OrderEvent> orderEvent = orderEvent(event);
    if (orderEvent.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return table
        .get(event.streamId())
        .thenCompose(
            row -> {
              if (row.map(OrderRow::version).orElse(0L) >= event.version()) {
                return CompletableFuture.completedFuture(null);
              }
              OrderState before = row.map(OrderRow::state).orElse(rules.initialState());
              return table.put(
                  new OrderRow(
                      event.streamId(),
                      event.version(),
                      Instant.ofEpochMilli(event.timestamp()),
                      rules.evolve(before, orderEvent.get())));
            });
  }

  private static Optional<OrderEvent> orderEvent(StreamDomainEvent<?> event) {
    try {
      Class<?> type = EVENTS.get(event.type());
      return type == null
          ? Optional.empty()
          : Optional.of(
              (OrderEvent) OrderJson.MAPPER.treeToValue((JsonNode) event.payload(), type));
    } catch (JsonProcessingException | RuntimeException e) {
      LOG.warn(
          "Event {} of stream '{}' is of type '{}' but has other data; the list of orders leaves it out",
          event.version(),
          event.streamId(),
          event.type());
      return Optional.empty();
    }
  }

  /** One order. */
  public CompletionStage<Optional<OrderRow>> get(String orderId) {
    return table.get(orderId);
  }

  /**
   * A page of all orders, in the order of the table, which means nothing but stays the same.
   *
   * @param after the last order of the page before; empty for the first page
   */
  public CompletionStage<List<OrderRow>> page(String after, int limit) {
    return table.page(after, limit);
  }
}
