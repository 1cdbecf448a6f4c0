// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import io.holdfast.sample.orders.OrderEvent.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an order's events have come to. Amounts are in cents. Immutable.
 *
 * @param total what the customer pays, shipping included
 * @param refunded what the customer got back
 */
public record OrderState(
    Status status,
    String customer,
    List<Line> lines,
    int total,
    String currency,
    int refunded,
    List<String> parcels) {
  /** How far an order has come. */
  public enum Status {
    NEW,
    PLACED,
    PAID,
    SHIPPED,
    DELIVERED,
    CANCELLED,
    RETURNED
  }

  /** An item of the order: how many of it were ordered, taken from the shelf, and given back. */
  public record Line(
      String sku, String name, int quantity, int unitPrice, int picked, int returned) {
    static Line of(Item item) {
      return new Line(item.sku(), item.name(), item.quantity(), item.unitPrice(), 0, 0);
    }

    Line withPicked(int more) {
      return new Line(sku, name, quantity, unitPrice, picked + more, returned);
    }

    Line withReturned(int more) {
      return new Line(sku, name, quantity, unitPrice, picked, returned + more);
    }
  }

  static final OrderState NEW = new OrderState(Status.NEW, "", List.of(), 0, "", 0, List.of());

  public OrderState {
    lines = List.copyOf(lines);
    parcels = List.copyOf(parcels);
  }

  Optional<Line> line(String sku) {
    return lines.stream().filter(line -> line.sku().equals(sku)).findFirst();
  }

  boolean isPicked() {
    return lines.stream().allMatch(line -> line.picked() >= line.quantity());
  }

  boolean isReturned() {
    return lines.stream().allMatch(line -> line.returned() >= line.quantity());
  }

  OrderState with(Status next) {
    return new OrderState(next, customer, lines, total, currency, refunded, parcels);
  }

  OrderState withLine(String sku, UnaryOperator<Line> change) {
    List<Line> changed =
        lines.stream().map(line -> line.sku().equals(sku) ? change.apply(line) : line).toList();
    return new OrderState(status, customer, changed, total, currency, refunded, parcels);
  }

  OrderState withParcel(String parcel) {
    List<String> more = new ArrayList<>(parcels);
    more.add(parcel);
    return new OrderState(status, customer, lines, total, currency, refunded, more);
  }

  OrderState withRefund(int amount) {
    return new OrderState(status, customer, lines, total, currency, refunded + amount, parcels);
  }
}
