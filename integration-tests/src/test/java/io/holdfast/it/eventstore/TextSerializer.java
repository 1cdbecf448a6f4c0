// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import io.holdfast.serialization.EventSerializer;
import io.holdfast.serialization.JsonEventSerializer;

/** Payloads that are texts, of types "Told" and "Other". */
final class TextSerializer {
  private TextSerializer() {}

  static EventSerializer create() {
    return JsonEventSerializer.builder().register("Told", String.class).build();
  }
}
