// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

import io.holdfast.sample.orders.OrderEvent.Address;
import io.holdfast.sample.orders.OrderEvent.Item;
import java.util.List;

/** What one can ask of an order. */
public sealed interface OrderCommand {
  /** Somebody wants to buy something. */
  record Place(String customer, List<Item> items, Address shipTo) implements OrderCommand {
    public Place {
      items = List.copyOf(items);
    }
  }

  /** The money has arrived, all of it. */
  record Pay(String method, String reference) implements OrderCommand {}

  /** All pieces of one item are taken from a shelf. */
  record Pick(String sku, String shelf) implements OrderCommand {}

  /** Everything goes into one parcel. */
  record Ship(String parcel, String carrier, int grams) implements OrderCommand {}

  /** Some pieces of an item come back. */
  record Return(String sku, int quantity, String reason) implements OrderCommand {}
}
