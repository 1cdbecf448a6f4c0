// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.micro;

import io.holdfast.eventstore.NewEvent;
import io.holdfast.serialization.JsonEventSerializer;
import java.util.List;

/** An event as applications have them, some 250 bytes of JSON. */
record Payload(String orderId, String customer, List<Line> lines, long placedAtMillis) {
  record Line(String item, int quantity, long priceCents) {}

  static final Payload ORDER =
      new Payload(
          "order-0000017",
          "customer-4711",
          List.of(
              new Line("book-978-0134685991", 1, 4_499),
              new Line("book-978-1449373320", 2, 3_999),
              new Line("lamp-desk-black-led", 1, 2_950)),
          1_700_000_000_000L);

  static JsonEventSerializer serializer() {
    return JsonEventSerializer.builder().register(Payload.class).build();
  }

  static NewEvent<Payload> event() {
    return NewEvent.of(ORDER);
  }
}
