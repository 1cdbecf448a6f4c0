// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.common.Json;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.NewEvent;
import io.holdfast.sample.orders.OrderEvent;
import io.holdfast.sample.orders.OrderEvent.Item;
import io.holdfast.sample.orders.OrderEvent.ItemPicked;
import io.holdfast.sample.orders.OrderEvent.ItemReturned;
import io.holdfast.sample.orders.OrderEvent.OrderCancelled;
import io.holdfast.sample.orders.OrderEvent.OrderDelivered;
import io.holdfast.sample.orders.OrderEvent.OrderPaid;
import io.holdfast.sample.orders.OrderEvent.OrderPlaced;
import io.holdfast.sample.orders.OrderEvent.OrderShipped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The life of one invented order, from its placing to its end. Not thread-safe. */
final class OrderStory {
  private static final String CURRENCY = "EUR";
  private static final int FREE_SHIPPING_FROM = 5_000;
  private static final int SHIPPING = 490;

  private final Random random;
  private final Assortment assortment;
  private final String orderId;
  private final String customer;
  private final List<Told> told = new ArrayList<>();
  private Instant now;
  private @Nullable String lastEventId;

  private OrderStory(Random random, String orderId, Instant start) {
    this.random = random;
    this.assortment = new Assortment(random);
    this.orderId = orderId;
    this.now = start;
    this.customer = "customer-" + (1000 + random.nextInt(500));
  }

  /** An event of the story and when it happened. */
  record Told(Instant time, String streamId, NewEvent<JsonNode> event) {}

  /** Makes up an order that is placed at {@code start}. */
  static List<Told> of(Random random, String orderId, Instant start) {
    OrderStory story = new OrderStory(random, orderId, start);
    story.tell();
    return story.told;
  }

  private void tell() {
    List<Item> items = items();
    int total = place(items);
    if (chance(5)) {
      cancel(0);
      return;
    }
    pay(total);
    if (chance(6)) {
      cancel(total);
      return;
    }
    for (Item item : items) {
      pick(item);
    }
    int parcels = items.size() > 2 && chance(40) ? 2 : 1;
    for (int parcel = 1; parcel <= parcels; parcel++) {
      ship("%s-P%d".formatted(orderId, parcel));
    }
    for (int parcel = 1; parcel <= parcels; parcel++) {
      deliver("%s-P%d".formatted(orderId, parcel));
    }
    for (Item item : items) {
      if (chance(7)) {
        giveBack(item);
      }
    }
  }

  private List<Item> items() {
    List<Item> items = new ArrayList<>();
    do {
      items.add(assortment.item());
    } while (items.size() < 8 && chance(40));
    return items;
  }

  private int place(List<Item> items) {
    int goods = items.stream().mapToInt(Item::price).sum();
    int shipping = goods >= FREE_SHIPPING_FROM ? 0 : SHIPPING;
    OrderEvent.Address address = assortment.address(assortment.customerName());
    tell(
        new OrderPlaced(
            customer, List.copyOf(items), shipping, goods + shipping, CURRENCY, address),
        customer,
        "shop");
    return goods + shipping;
  }

  private void pay(int total) {
    later(Duration.ofMinutes(90));
    String reference = "PAY-%08X".formatted(random.nextInt());
    tell(
        new OrderPaid(total, CURRENCY, assortment.paymentMethod(), reference),
        "payment-service",
        "payments");
  }

  private void cancel(int refund) {
    later(Duration.ofHours(5));
    tell(new OrderCancelled(assortment.cancelReason(), refund), customer, "shop");
  }

  private void pick(Item item) {
    later(Duration.ofMinutes(40));
    tell(
        new ItemPicked(item.sku(), item.quantity(), assortment.shelf()),
        assortment.picker(),
        "warehouse");
  }

  private void ship(String parcel) {
    later(Duration.ofHours(3));
    tell(
        new OrderShipped(parcel, assortment.carrier(), 300 + random.nextInt(4_000)),
        assortment.picker(),
        "warehouse");
  }

  private void deliver(String parcel) {
    later(Duration.ofHours(30));
    String receivedBy = chance(70) ? customer : "neighbour";
    tell(new OrderDelivered(parcel, receivedBy), "driver-" + (1 + random.nextInt(9)), "delivery");
  }

  private void giveBack(Item item) {
    later(Duration.ofDays(6));
    int quantity = 1 + random.nextInt(item.quantity());
    tell(
        new ItemReturned(
            item.sku(), quantity, assortment.returnReason(), quantity * item.unitPrice()),
        customer,
        "shop");
  }

  private void tell(OrderEvent event, String userId, String source) {
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    EventMetadata metadata =
        EventMetadata.empty()
            .withCorrelationId(orderId)
            .withUserId(userId)
            .with("source", source)
            .with("time", now.toString());
    if (lastEventId != null) {
      metadata = metadata.withCausationId(lastEventId);
    }
    JsonNode payload = Json.MAPPER.valueToTree(event);
    told.add(
        new Told(
            now, orderId, NewEvent.of(event.type(), payload).withId(id).withMetadata(metadata)));
    lastEventId = id;
  }

  /** Lets time pass, at least a second and on average as long as given. */
  private void later(Duration mean) {
    double factor = -StrictMath.log(1 - random.nextDouble());
    now = now.plus((long) (mean.toMillis() * factor) + 1_000, ChronoUnit.MILLIS);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
