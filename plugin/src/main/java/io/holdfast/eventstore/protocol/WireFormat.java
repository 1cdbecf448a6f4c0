// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

import io.holdfast.serialization.EventData;
import io.holdfast.serialization.RecordedEvent;
import io.holdfast.serialization.SerializedPayload;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of messages as they cross the network: CBOR maps with these fields. Fields may be
 * added and are ignored by those who do not know them; a field that is absent reads as {@code null}
 * or 0. Nothing else may change under the same manifest.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
final class WireFormat {
  private static final String OWNER = "owner";

  private WireFormat() {}

  record Event(
      String id, String type, String contentType, byte[] payload, @Nullable String metadata) {
    static Event of(EventData data) {
      SerializedPayload payload = data.payload();
      return new Event(
          data.id(),
          data.type(),
          payload.contentType(),
          payload.bytes().toArrayUnsafe(),
          data.metadata());
    }

    EventData data() {
      SerializedPayload serialized =
          new SerializedPayload(contentType, ByteString.fromArrayUnsafe(payload));
      return new EventData(id, type, serialized, metadata);
    }
  }

  record Append(List<Event> events, @Nullable Long expected, String replyTo) {
    OptionalLong expectedVersion() {
      return optional(expected);
    }
  }

  /**
   * @param consistency absent for linearizable
   */
  record Read(
      long from,
      long to,
      int limit,
      boolean reverse,
      String replyTo,
      @Nullable String consistency) {}

  /**
   * @param consistency absent for linearizable
   */
  record Ask(String replyTo, @Nullable String consistency) {}

  record Appended(long version, long timestamp) {}

  record Conflict(long expected, long actual) {}

  record Reason(String reason) {}

  record Version(long version) {}

  record Existence(boolean exists) {}

  record EventAt(long version, long timestamp, Event event) {
    static EventAt of(StreamReply.EventAt at) {
      return new EventAt(at.version(), at.event().timestampMillis(), Event.of(at.event().data()));
    }

    StreamReply.EventAt at() {
      return new StreamReply.EventAt(version, new RecordedEvent(event.data(), timestamp));
    }
  }

  record Page(List<EventAt> events, @Nullable Long next, long version) {
    OptionalLong continueFrom() {
      return optional(next);
    }
  }

  static @Nullable String nullable(ReadConsistency consistency) {
    return consistency == ReadConsistency.OWNER ? OWNER : null;
  }

  /** What this version does not know is answered with what is never wrong. */
  static ReadConsistency consistency(@Nullable String name) {
    return OWNER.equals(name) ? ReadConsistency.OWNER : ReadConsistency.LINEARIZABLE;
  }

  static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static @Nullable Long nullable(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }
}
