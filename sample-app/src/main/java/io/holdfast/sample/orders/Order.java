// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import io.holdfast.eventstore.decider.Decider;
import io.holdfast.sample.orders.OrderCommand.Pay;
import io.holdfast.sample.orders.OrderCommand.Pick;
import io.holdfast.sample.orders.OrderCommand.Place;
import io.holdfast.sample.orders.OrderCommand.Return;
import io.holdfast.sample.orders.OrderCommand.Ship;
import io.holdfast.sample.orders.OrderEvent.Item;
import io.holdfast.sample.orders.OrderEvent.ItemPicked;
import io.holdfast.sample.orders.OrderEvent.ItemReturned;
import io.holdfast.sample.orders.OrderEvent.OrderCancelled;
import io.holdfast.sample.orders.OrderEvent.OrderDelivered;
import io.holdfast.sample.orders.OrderEvent.OrderPaid;
import io.holdfast.sample.orders.OrderEvent.OrderPlaced;
import io.holdfast.sample.orders.OrderEvent.OrderShipped;
import io.holdfast.sample.orders.OrderState.Line;
import io.holdfast.sample.orders.OrderState.Status;
import java.util.List;

/**
 * The rules of an order: it is placed, paid, picked, shipped, and what was shipped may come back.
 * Nothing but decisions; where events are stored is not known here.
 */
public final class Order implements Decider<OrderCommand, OrderState, OrderEvent> {
  private static final String CURRENCY = "EUR";
  private static final int FREE_SHIPPING_FROM = 5_000;
  private static final int SHIPPING = 490;
  private static final int MAX_ITEMS = 100;
  private static final int MAX_QUANTITY = 1_000;
  private static final int MAX_UNIT_PRICE = 10_000;

  @Override
  public OrderState initialState() {
    return OrderState.NEW;
  }

  @Override
  public List<OrderEvent> decide(OrderCommand command, OrderState order) {
    if (command instanceof Place place) {
      return place(place, order);
    } else if (command instanceof Pay pay) {
      require(order, Status.PLACED, "be paid");
      return List.of(new OrderPaid(order.total(), CURRENCY, pay.method(), pay.reference()));
    } else if (command instanceof Pick pick) {
      return pick(pick, order);
    } else if (command instanceof Ship ship) {
      require(order, Status.PAID, "be shipped");
      check(order.isPicked(), "not all items are picked yet");
      return List.of(new OrderShipped(ship.parcel(), ship.carrier(), ship.grams()));
    }
    return giveBack((Return) command, order);
  }

  private static List<OrderEvent> place(Place place, OrderState order) {
    check(order.status() == Status.NEW, "the order is placed already");
    List<Item> items = place.items();
    check(
        !items.isEmpty() && items.size() <= MAX_ITEMS,
        "%d items; an order has 1 to %d".formatted(items.size(), MAX_ITEMS));
    check(
        items.stream().map(Item::sku).distinct().count() == items.size(),
        "an item stands there twice; give it once, with its quantity");
    for (Item item : items) {
      check(
          item.quantity() >= 1 && item.quantity() <= MAX_QUANTITY,
          "quantity %d of '%s'; it must be 1 to %d"
              .formatted(item.quantity(), item.sku(), MAX_QUANTITY));
      check(
          item.unitPrice() >= 0 && item.unitPrice() <= MAX_UNIT_PRICE,
          "unit price %d of '%s'; it must be 0 to %d cents"
              .formatted(item.unitPrice(), item.sku(), MAX_UNIT_PRICE));
    }
    int goods = items.stream().mapToInt(Item::price).sum();
    int shipping = goods >= FREE_SHIPPING_FROM ? 0 : SHIPPING;
    return List.of(
        new OrderPlaced(
            place.customer(), items, shipping, goods + shipping, CURRENCY, place.shipTo()));
  }

  private static List<OrderEvent> pick(Pick pick, OrderState order) {
    require(order, Status.PAID, "be picked");
    Line line = lineOf(order, pick.sku());
    check(line.picked() == 0, "item '%s' is picked already".formatted(line.sku()));
    return List.of(new ItemPicked(line.sku(), line.quantity(), pick.shelf()));
  }

  private static List<OrderEvent> giveBack(Return back, OrderState order) {
    check(
        order.status() == Status.SHIPPED || order.status() == Status.DELIVERED,
        "an order that is %s has nothing to give back".formatted(order.status()));
    Line line = lineOf(order, back.sku());
    int left = line.quantity() - line.returned();
    check(
        back.quantity() >= 1 && back.quantity() <= left,
        "%d of '%s' cannot come back; %d are with the customer"
            .formatted(back.quantity(), line.sku(), left));
    return List.of(
        new ItemReturned(
            line.sku(), back.quantity(), back.reason(), back.quantity() * line.unitPrice()));
  }

  @Override
  public OrderState evolve(OrderState order, OrderEvent event) {
    if (event instanceof OrderPlaced placed) {
      List<Line> lines = placed.items().stream().map(Line::of).toList();
      return new OrderState(
          Status.PLACED, placed.customer(), lines, placed.total(), placed.currency(), 0, List.of());
    } else if (event instanceof OrderPaid) {
      return order.with(Status.PAID);
    } else if (event instanceof ItemPicked picked) {
      return order.withLine(picked.sku(), line -> line.withPicked(picked.quantity()));
    } else if (event instanceof OrderShipped shipped) {
      return order.with(Status.SHIPPED).withParcel(shipped.parcel());
    } else if (event instanceof OrderDelivered) {
      return order.with(Status.DELIVERED);
    } else if (event instanceof OrderCancelled cancelled) {
      return order.with(Status.CANCELLED).withRefund(cancelled.refund());
    }
    return returned(order, (ItemReturned) event);
  }

  private static OrderState returned(OrderState order, ItemReturned back) {
    OrderState next =
        order
            .withRefund(back.refund())
            .withLine(back.sku(), line -> line.withReturned(back.quantity()));
    return next.isReturned() ? next.with(Status.RETURNED) : next;
  }

  private static Line lineOf(OrderState order, String sku) {
    return order
        .line(sku)
        .orElseThrow(() -> new OrderRefusedException("the order has no item '%s'".formatted(sku)));
  }

  private static void require(OrderState order, Status status, String what) {
    check(
        order.status() == status,
        "an order that is %s cannot %s; it must be %s".formatted(order.status(), what, status));
  }

  private static void check(boolean right, String reason) {
    if (!right) {
      throw new OrderRefusedException(reason);
    }
  }
}
