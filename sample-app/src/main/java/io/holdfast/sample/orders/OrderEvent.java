// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import java.util.List;

/**
 * The payloads of the generated log. The type of an event is the simple name of its record. Amounts
 * are in cents.
 */
public sealed interface OrderEvent {
  record Item(String sku, String name, int quantity, int unitPrice) {
    public int price() {
      return quantity * unitPrice;
    }
  }

  record Address(String name, String street, String postcode, String city) {}

  record OrderPlaced(
      String customer, List<Item> items, int shipping, int total, String currency, Address shipTo)
      implements OrderEvent {
    public OrderPlaced {
      items = List.copyOf(items);
    }
  }

  record OrderPaid(int amount, String currency, String method, String reference)
      implements OrderEvent {}

  record ItemPicked(String sku, int quantity, String shelf) implements OrderEvent {}

  record OrderShipped(String parcel, String carrier, int grams) implements OrderEvent {}

  record OrderDelivered(String parcel, String receivedBy) implements OrderEvent {}

  record OrderCancelled(String reason, int refund) implements OrderEvent {}

  record ItemReturned(String sku, int quantity, String reason, int refund) implements OrderEvent {}

  default String type() {
    return getClass().getSimpleName();
  }
}
