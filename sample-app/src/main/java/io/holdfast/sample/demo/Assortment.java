// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.orders.OrderEvent;

import java.util.List;
import java.util.Random;

/** What the invented shop of the generated log sells, to whom, and how it gets there. */
final class Assortment {
  private record Product(String sku, String name, int unitPrice) {}

  private static final List<Product> PRODUCTS =
      List.of(
          new Product("KTL-100", "Kettle, enamelled, 2 l", 4490),
          new Product("KTL-110", "Kettle lid", 650),
          new Product("MUG-020", "Mug, blue", 890),
          new Product("MUG-021", "Mug, white", 890),
          new Product("TEA-301", "Assam, 250 g", 1150),
          new Product("TEA-302", "Sencha, 100 g", 1390),
          new Product("TEA-310", "Peppermint, 150 g", 720),
          new Product("POT-044", "Teapot with strainer", 3250),
          new Product("TRY-007", "Tray, beech", 2790),
          new Product("SPN-003", "Teaspoons, set of 6", 1640),
          new Product("TWL-012", "Tea towel, linen", 990),
          new Product("HNY-501", "Heather honey, 500 g", 840));
  private static final List<String> FIRST_NAMES =
      List.of("Ada", "Bruno", "Clara", "Dilan", "Emil", "Farah", "Goran", "Hanna", "Ivo", "June");
  private static final List<String> LAST_NAMES =
      List.of("Ahrens", "Bakker", "Costa", "Demir", "Eklund", "Fischer", "Grau", "Horvat", "Ito");
  private static final List<String> STREETS =
      List.of("Mill Lane", "Station Road", "Harbour Street", "Linden Avenue", "Church Hill");
  private static final List<String> CITIES =
      List.of("Aldburgh", "Brackwater", "Corrinhaven", "Dunmere", "Easterfold", "Fenwick Sands");
  private static final List<String> METHODS = List.of("card", "card", "transfer", "invoice");
  private static final List<String> CARRIERS = List.of("Northpost", "Swiftvan", "Parcelry");
  private static final List<String> PICKERS = List.of("picker-anna", "picker-joe", "picker-noor");
  private static final List<String> RETURN_REASONS =
      List.of("damaged in transit", "does not fit", "not as described", "ordered twice");
  private static final List<String> CANCEL_REASONS =
      List.of("changed my mind", "found it cheaper", "delivery takes too long", "out of stock");

  private final Random random;

  Assortment(Random random) {
    this.random = random;
  }

  OrderEvent.Item item() {
    Product product = any(PRODUCTS);
    int quantity = random.nextInt(4) == 0 ? 2 + random.nextInt(4) : 1;
    return new OrderEvent.Item(product.sku(), product.name(), quantity, product.unitPrice());
  }

  String customerName() {
    return any(FIRST_NAMES) + " " + any(LAST_NAMES);
  }

  OrderEvent.Address address(String name) {
    String street = "%s %d".formatted(any(STREETS), 1 + random.nextInt(120));
    return new OrderEvent.Address(
        name, street, "%05d".formatted(10_000 + random.nextInt(80_000)), any(CITIES));
  }

  String shelf() {
    return "%c-%02d".formatted((char) ('A' + random.nextInt(8)), 1 + random.nextInt(40));
  }

  String paymentMethod() {
    return any(METHODS);
  }

  String carrier() {
    return any(CARRIERS);
  }

  String picker() {
    return any(PICKERS);
  }

  String returnReason() {
    return any(RETURN_REASONS);
  }

  String cancelReason() {
    return any(CANCEL_REASONS);
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
