// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Events of the tests as CBOR. Public because Pekko creates it by name. */
public final class TestEventSerializer extends SerializerWithStringManifest {
  static final int IDENTIFIER = 774_600_999;
  static final String MANIFEST = "test-1";

  /** The settings that make it the serializer of {@link TestEvent}. */
  static final String SETTINGS =
      """
      pekko.actor {
        serializers.test-event = "io.holdfast.it.journal.TestEventSerializer"
        serialization-bindings."io.holdfast.it.journal.TestEvent" = test-event
      }
      """;

  private static final ObjectMapper CBOR = new CBORMapper();

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object event) {
    return MANIFEST;
  }

  @Override
  public byte[] toBinary(Object event) {
    if (((TestEvent) event).isRefused()) {
      throw new IllegalArgumentException("no bytes for " + event);
    }
    try {
      return CBOR.writeValueAsBytes(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    try {
      return CBOR.readValue(bytes, TestEvent.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
